"""The same bytes whatever the user's settings: styles, language, time zone, order of hashes, width of the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from html import escape

import pytest
from matplotlib.figure import Figure as Canvas

from patient_capital.figures.style import canvas, draw_svg

SHOW = """
import hashlib, os
import numpy
numpy.seterr(all=os.environ["NUMPY_TELLS"])
from patient_capital.explorers import load_explorers
from patient_capital.figures import load_figures
from patient_capital.listings import load_listings
from patient_capital.jupyter import listing_html
from patient_capital.sphinxext.explorer import explorer_html
from patient_capital.tables import book_data

data = book_data()
shown = {name: one.of(data).html() for name, one in load_figures().items()}
shown |= {f"table {name}": listing_html(one.of(data)) for name, one in load_listings().items()}
shown |= {name: explorer_html(one.of(data), "") for name, one in load_explorers().items()}
for name in sorted(shown):
    print(name, hashlib.sha256(shown[name].encode()).hexdigest())
"""
SETTINGS = [
    {"LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1", "TZ": "UTC", "COLUMNS": "80", "NUMPY_TELLS": "ignore"},
    {
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.UTF-8",
        "PYTHONHASHSEED": "77",
        "TZ": "Asia/Shanghai",
        "COLUMNS": "30",
        "NUMPY_TELLS": "raise",
    },
]


@pytest.mark.long
def test_settings_of_a_user_change_no_byte(tmp_path):
    rc = tmp_path / "matplotlibrc"
    rc.write_text(
        "axes.facecolor: ff0000\nfont.size: 30\nfont.family: serif\nlines.linewidth: 9\naxes.grid: True\n"
        "svg.fonttype: path\nfigure.dpi: 300\naxes.prop_cycle: cycler('color', ['ff0000'])\ntext.usetex: True\n",
        encoding="utf-8",
    )
    home = tmp_path / "home"
    home.mkdir()
    told = [
        subprocess.run(
            [sys.executable, "-c", SHOW],
            env=os.environ | settings | more,
            cwd=tmp_path if more else home,  # the current folder is where matplotlib looks first
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for settings, more in zip(SETTINGS, ({}, {"MATPLOTLIBRC": str(rc), "HOME": str(home)}), strict=True)
    ]
    assert told[0].count("\n") > 60
    assert told[0] == told[1]


@pytest.mark.parametrize("name", ["Fund $A$ and $B$", "国家创业投资引导基金", r"\alpha_{1}^2", "5 < 6 & 7"])
def test_a_name_is_drawn_as_it_is_written(name):
    def draw(wide: bool) -> Canvas:
        figure = canvas(300, 100)
        figure.text(0.1, 0.5, name)
        return figure

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = draw_svg("test", draw, wide=True)
    assert escape(name, quote=False) in svg
