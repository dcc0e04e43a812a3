"""Screening of deals, targeting of sectors, the share of the state, and the supply of deals."""

from patient_capital.model.selection.budget_selection import Selection, caught_share, select
from patient_capital.model.selection.deal_flow import thinned_returns, thinned_tail_share, with_tail_share
from patient_capital.model.selection.k_of_n import k_of_n_probability, votes_needed
from patient_capital.model.selection.pool_of_proposals import (
    FundedPool,
    funded_pool,
    implied_flow_elasticity,
    relative_screening,
)
from patient_capital.model.selection.screening_rules import (
    champion_probability,
    majority_probability,
    unanimity_probability,
)
from patient_capital.model.selection.sector_targeting import (
    coordination_factor,
    picking_gain,
    scale_factor,
    sector_concentration,
    sector_risk_sd,
)
from patient_capital.model.selection.star_visibility import break_even_visibility, star_caught_share
from patient_capital.model.selection.state_share import best_state_share, exit_gap, refused_tail_share, state_outcome

__all__ = ["votes_needed", "k_of_n_probability"]
__all__ += ["unanimity_probability", "champion_probability", "majority_probability"]
__all__ += ["Selection", "select", "caught_share"]
__all__ += ["star_caught_share", "break_even_visibility"]
__all__ += ["picking_gain", "sector_concentration", "sector_risk_sd", "scale_factor", "coordination_factor"]
__all__ += ["state_outcome", "best_state_share", "refused_tail_share", "exit_gap"]
__all__ += ["thinned_tail_share", "with_tail_share", "thinned_returns"]
__all__ += ["FundedPool", "funded_pool", "relative_screening", "implied_flow_elasticity"]
