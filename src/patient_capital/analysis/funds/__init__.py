"""The computations of the chapter on the funds, which asks how big one trillion yuan is.

Amounts are in billion yuan and carry their stage; what is inside something else is never added to it.
"""

from __future__ import annotations

from patient_capital.analysis.funds.ceilings import (
    LARGE_PORTFOLIO,
    SMALL_PORTFOLIO,
    ceilings_with_chance,
    loss_ceilings,
    sourced,
    sourced_ceilings,
)
from patient_capital.analysis.funds.guidance import (
    GUIDANCE_AMOUNTS,
    guidance_by_year,
    guidance_counts,
    guidance_stock,
    one_provider,
)
from patient_capital.analysis.funds.ladder import (
    ladder_steps,
    money_by_stage,
    national_fund,
    national_stakes,
    nested_amounts,
    regional_funds,
)
from patient_capital.analysis.funds.leverage import (
    leverage_on_record,
    leverage_ratios,
    on_record_first,
    over_own,
    programmes,
)
from patient_capital.analysis.funds.multipliers import (
    MULTIPLIER_CASES,
    multiplier_choices,
    remaining_multipliers,
    second_tier,
    with_multiplier,
)
from patient_capital.analysis.funds.phases import (
    PHASE_COLUMNS,
    first_phases,
    is_recent_ai_fund,
    phase_median,
    phase_shares,
    recent_ai_funds,
)
from patient_capital.analysis.funds.regional_partners import (
    STATE_PARTNERS,
    by_kind,
    partner_kinds,
    partner_total,
    partners,
)
from patient_capital.analysis.funds.rows import LOCAL_LEVELS, NATIONAL, SHOWN_STAGES, nesting, vehicles
from patient_capital.analysis.funds.scale import comparators

__all__ = [
    "GUIDANCE_AMOUNTS",
    "LARGE_PORTFOLIO",
    "LOCAL_LEVELS",
    "MULTIPLIER_CASES",
    "NATIONAL",
    "PHASE_COLUMNS",
    "SHOWN_STAGES",
    "SMALL_PORTFOLIO",
    "STATE_PARTNERS",
    "by_kind",
    "ceilings_with_chance",
    "comparators",
    "first_phases",
    "guidance_by_year",
    "guidance_counts",
    "guidance_stock",
    "is_recent_ai_fund",
    "ladder_steps",
    "leverage_on_record",
    "leverage_ratios",
    "loss_ceilings",
    "money_by_stage",
    "multiplier_choices",
    "national_fund",
    "national_stakes",
    "nested_amounts",
    "nesting",
    "on_record_first",
    "one_provider",
    "over_own",
    "partner_kinds",
    "partner_total",
    "partners",
    "phase_median",
    "phase_shares",
    "programmes",
    "recent_ai_funds",
    "regional_funds",
    "remaining_multipliers",
    "second_tier",
    "sourced",
    "sourced_ceilings",
    "vehicles",
    "with_multiplier",
]
