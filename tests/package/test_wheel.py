"""The wheel and the source distribution: whole, and of use where nothing but the base is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

import patient_capital
from patient_capital.provenance.registry import load_results

from .conftest import ROOT, base_of, build, python_blocks

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="links to packages need a right there"),
]

BASE = {"numpy", "scipy", "pandas", "matplotlib"}
OF_EXTRAS = (
    "IPython",
    "SALib",
    "docutils",
    "jupyter_book",
    "jupyterlab",
    "markdown_it",
    "myst_nb",
    "nbclient",
    "nbformat",
    "pytest",
    "setuptools",
    "sphinx",
    "statsmodels",
    "tqdm",
    "yaml",
)
BLOCKS = python_blocks((ROOT / "README.md").read_text(encoding="utf-8"))


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def metadata(wheel: Path):
    [text] = [text for name, text in contents(wheel).items() if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(text)


def test_wheel_carries_every_module_table_and_asset(wheels):
    found = {name: text for name, text in contents(wheels["wheel"]).items() if ".dist-info/" not in name}
    package = ROOT / "src"
    files = [
        path for path in (package / "patient_capital").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    wanted = {path.relative_to(package).as_posix(): path.read_bytes() for path in files}
    wanted |= {f"patient_capital/data/{path.name}": path.read_bytes() for path in (ROOT / "data").iterdir()}
    assert found == wanted


def test_source_distribution_gives_the_same_wheel(wheels):
    one, other = contents(wheels["wheel"]), contents(wheels["sdist"])
    assert {name: text for name, text in one.items() if not name.endswith("RECORD")} == {
        name: text for name, text in other.items() if not name.endswith("RECORD")
    }


def test_a_wheel_holds_nothing_of_the_build_before(built, wheels):
    left = built.parent / "build" / "lib" / "patient_capital" / "data" / "left.csv"
    assert left.parent.is_dir()
    left.write_text("id\n", encoding="utf-8")
    build(built.parent, "wheel")
    assert "patient_capital/data/left.csv" not in contents(wheels["wheel"])


def test_wheel_says_what_it_is(wheels):
    told = metadata(wheels["wheel"])
    needed = [need for need in told.get_all("Requires-Dist") if "extra ==" not in need]
    assert {re.split(r"[<>=]", need)[0] for need in needed} == BASE
    assert set(told.get_all("Provides-Extra")) == {"analysis", "book", "dev", "lab"}
    assert told["Version"] == patient_capital.__version__
    assert told["License-Expression"] == "MIT AND CC-BY-4.0"
    assert told.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("LICENSE", "LICENSE-data"):
        [text] = [text for path, text in contents(wheels["wheel"]).items() if path.endswith(f"licenses/{name}")]
        assert text == (ROOT / name).read_bytes()


def test_environment_holds_the_base_alone(installed, wheels):
    assert base_of(wheels["wheel"]) >= BASE
    code = f"from importlib.util import find_spec; print([name for name in {OF_EXTRAS} if find_spec(name)])"
    assert installed.run("-c", code).stdout == "[]\n"
    place = installed.run("-c", "import patient_capital; print(patient_capital.__file__)").stdout
    assert place.startswith(str(installed.folder))


def test_import_prints_nothing_writes_nothing_and_loads_nothing(installed):
    before = {path: path.stat().st_mtime_ns for path in installed.folder.parent.rglob("*")}
    times = []
    for _ in range(5):  # the best of a few: others work on this machine
        done = installed.run("-X", "importtime", "-c", "import patient_capital")
        assert not done.stdout
        lines = [line.split("|") for line in done.stderr.splitlines()]
        assert all(line[0].startswith("import time:") for line in lines)
        took = {line[2].strip(): line[1] for line in lines}
        assert not {"numpy", "pandas", "scipy", "matplotlib"} & set(took)
        times.append(int(took["patient_capital"]))
    assert min(times) < 100_000  # microseconds, with all that it imports
    assert {path: path.stat().st_mtime_ns for path in installed.folder.parent.rglob("*")} == before


def test_what_is_not_needed_is_not_loaded(installed):
    """Drawing is a second, and building the site needs a system with locks on files."""
    code = (
        "import sys, patient_capital as pc\n"
        "pc.load('funds'), pc.tables(), pc.number('funds.registered_once')\nprint('matplotlib' in sys.modules)\n"
        "pc.figure('funds.guidance').png\nprint('patient_capital.build' in sys.modules)"
    )
    assert installed.run("-c", code).stdout == "False\nFalse\n"


def test_snippets_of_the_readme_run_in_their_order(installed):
    here = [block for block in BLOCKS if "distributed" not in block]
    assert len(here) == len(BLOCKS) - 1 >= 4
    done = installed.run("-c", "\n".join(here))
    assert "161.8bn yuan" in done.stdout
    assert (installed.work / "guidance.svg").read_text(encoding="utf-8").startswith("<svg xmlns=")


def test_snippet_of_the_readme_for_a_cluster_runs():
    """It needs Dask and a cluster: it runs here, with one of its own and fewer deals."""
    from distributed import LocalCluster

    [cluster_block] = [block for block in BLOCKS if "distributed" in block]
    [model_block] = [block for block in BLOCKS if "returns = DealReturns(" in block]
    with LocalCluster(n_workers=1, processes=False, dashboard_address="127.0.0.1:0", silence_logs=50) as cluster:
        code = f"{model_block}{cluster_block}".replace("10**7", "10**5").replace("10**9", "10**5")
        assert '"tcp://scheduler:8786"' in code
        space: dict[str, object] = {}
        exec(code.replace('"tcp://scheduler:8786"', repr(cluster.scheduler_address)), space)  # noqa: S102  # what the page shows
    assert "client" in space


EVERYTHING = """
import json
import patient_capital as pc
def told(ask, name):
    try:
        return ask(name)
    except ModuleNotFoundError as error:
        return f"{type(error).__name__}: {error}"
results = {r: told(lambda r: repr(pc.number(r)), r) for r in pc.numbers().index if not r.endswith("[row]")}
figures = {f: told(lambda f: repr(pc.figure(f)) + pc.figure(f).csv(), f) for f in pc.figures().index}
print(json.dumps({"results": results, "figures": figures}))
"""
LACKING = "MissingExtraError: the fits need statsmodels: pip install 'patient-capital[analysis]'"


def test_every_result_and_figure_is_the_book_s_or_names_the_extra(installed, book):
    found = json.loads(installed.run("-c", EVERYTHING).stdout)
    of_book = {ref: repr(patient_capital.number(ref)) for ref, one in load_results().items() if not one.family}
    drawn = {n: repr(f := patient_capital.figure(n)) + f.csv() for n in patient_capital.figures().index}
    for kind, wanted in (("results", of_book), ("figures", drawn)):
        assert found[kind].keys() == wanted.keys()
        lacking = {name for name, text in found[kind].items() if text == LACKING}
        assert {name for name, text in found[kind].items() if text != wanted[name]} == lacking
        assert 0 < len(lacking) < len(wanted) / 8
        assert {name.split(".")[0] for name in lacking} == {"regions"}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "import patient_capital; patient_capital.figure('regions.fits')",
            "the fits need statsmodels: pip install 'patient-capital[analysis]'",
        ),
        (
            "from patient_capital.model.common import sobol_points as f; f(['a', 'b'], 4, 1)",
            "Sobol indices need SALib: pip install 'patient-capital[analysis]'",
        ),
        (
            "import patient_capital.provenance.links",
            "reading pages needs markdown_it: pip install 'patient-capital[book]'",
        ),
    ],
)
def test_what_an_extra_brings_is_named(installed, code, told):
    done = installed.run("-c", code, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"patient_capital.extras.MissingExtraError: {told}"


THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import patient_capital as pc

asks = [
    lambda: pc.load("funds").to_csv(),
    lambda: repr(pc.number("funds.registered_once")),
    lambda: pc.figure("funds.guidance").png,
    lambda: repr(pc.figure("funds.state_money")) + pc.figure("funds.state_money").csv(),
    lambda: pc.tables().to_csv() + pc.numbers().to_csv() + pc.figures().to_csv(),
    lambda: (id(pc.open_book().data), id(pc.number("funds.months"))),
]
sys.setswitchinterval(1e-6)
start = Barrier(4 * len(asks))

def at_once(ask):
    start.wait()
    return ask()

with ThreadPoolExecutor(4 * len(asks)) as pool:
    found = list(pool.map(at_once, 4 * asks))
print([one == asks[place % len(asks)]() for place, one in enumerate(found)])
"""


def test_many_threads_that_ask_first_get_what_one_gets(installed):
    # Which thread comes first is chance: a few fresh processes.
    for _ in range(3):
        assert installed.run("-c", THREADS).stdout == f"{[True] * 24}\n"


USER = """
import patient_capital
from patient_capital import figure, figures, load, number, numbers, open_book, tables
from patient_capital.model.returns import DealReturns

size: float = float(str(number("funds.registered_once").text()).removesuffix("bn yuan"))
figure("funds.guidance").save("guidance.svg")
value: float = open_book().value("funds.registered_once")
version: str = patient_capital.__version__
reveal_type(number("funds.registered_once"))
reveal_type(figure("funds.guidance"))
reveal_type(open_book())
reveal_type(tables)
reveal_type(patient_capital.figures)
DealReturns(loss=0.65)
wrong: int = number("funds.registered_once").text()
number("funds.registered_once").nonsense
patient_capital.nonsense
load(1)
"""


def test_a_strict_check_of_a_user_s_file_sees_types(installed):
    path = installed.work / "user.py"
    path.write_text(USER, encoding="utf-8")
    # What the pages show is right to a strict check, too.
    pages = [installed.work / f"readme_{place}.py" for place in range(len(BLOCKS))]
    for page, block in zip(pages, BLOCKS, strict=True):
        page.write_text(f"import patient_capital\n{block}", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-incremental",
        "--config-file=",
        f"--python-executable={installed.python}",
    ]
    alone = [str(page) for page, block in zip(pages, BLOCKS, strict=True) if "distributed" not in block]
    subprocess.run([*command, *alone], cwd=installed.work, check=True)
    done = subprocess.run([*command, str(path)], cwd=installed.work, text=True, capture_output=True, check=False)
    told = [re.sub(r"^user\.py:\d+: (?:error|note): ", "", line) for line in done.stdout.splitlines()]
    assert told == [
        'Revealed type is "patient_capital.provenance.records.Number"',
        'Revealed type is "patient_capital.figures.record.Figure"',
        'Revealed type is "patient_capital.provenance.records.Context"',
        # Pandas has no types of its own.
        'Revealed type is "def () -> Any"',
        'Revealed type is "def () -> Any"',
        'Unexpected keyword argument "loss" for "DealReturns"  [call-arg]',
        'Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]',
        '"Number" has no attribute "nonsense"  [attr-defined]',
        'Module has no attribute "nonsense"  [attr-defined]',
        'Argument 1 to "load" has incompatible type "int"; expected "str"  [arg-type]',
        "Found 5 errors in 1 file (checked 1 source file)",
    ]


def test_commands_say_that_they_need_a_checkout(installed):
    command = installed.python.with_name("patient-capital")
    done = installed.run(str(command), "check", check=False)
    assert done.returncode == 1
    assert "patient-capital check works on the chapters and tables of a checkout" in done.stderr
    assert "ledger" in installed.run(str(command), "--help").stdout


def test_tables_are_those_of_the_package_wherever_it_lies(installed, wheels, tmp_path):
    """Another project may have a folder of data, too, beside the folder of its packages or where Python runs."""
    for folder in (tmp_path, installed.work):
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(tmp_path / "vendor"), str(wheels["wheel"])], check=True)
    code = "import patient_capital as pc; pc.load('funds'); print(pc.tables.DATA_FOLDER)"
    done = installed.run("-c", code, PYTHONPATH=str(tmp_path / "vendor"))
    assert done.stdout.strip() == str(tmp_path / "vendor" / "patient_capital" / "data")


def test_examples_of_the_page_on_the_model_and_the_command_run_with_the_base_alone(installed):
    page = (ROOT / "chapters" / "use_model.md").read_text(encoding="utf-8")
    for block in python_blocks(page):
        assert not installed.run("-c", block).stderr
    for name in ("my_fund.toml", "my_deals.csv"):
        shutil.copyfile(ROOT / "examples" / name, installed.work / name)
    command = re.search(r"^```sh\npython (.*)\n```", page, flags=re.MULTILINE)[1].split()
    done = installed.run(*command, "--draws", "8", "--portfolios", "200")
    assert "What takes what" in done.stdout
    assert {path.name for path in (installed.work / "results").iterdir()} == {"table.csv", "draws.csv"}
