"""What pyproject.toml cannot say: a wheel carries the tables, which lie beside ``src/`` where their readers find them."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithTables(build_py):
    """Copies ``data/`` into the package; one that is installed in place reads it where it is."""

    def run(self) -> None:
        """Build the modules, then add the tables; what an earlier build has left here is not part of them."""
        if not self.editable_mode:
            rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            self.copy_tree("data", str(Path(self.build_lib, "patient_capital", "data")))


setup(cmdclass={"build_py": BuildWithTables})
