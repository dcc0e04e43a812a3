"""The computations of the chapter on the rivalry: filings, R&D, concentration, Zhejiang and Jiangsu."""

from __future__ import annotations

from patient_capital.analysis.regions.fits import *
from patient_capital.analysis.regions.hangzhou import *
from patient_capital.analysis.regions.places import *
from patient_capital.analysis.regions.rows import *
from patient_capital.analysis.regions.tools import *
from patient_capital.analysis.regions.zhejiang_jiangsu import *
