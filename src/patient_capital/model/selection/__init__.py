"""Screening of deals, targeting of sectors, the share of the state, and the supply of deals."""

from patient_capital.model.selection.budget_selection import *
from patient_capital.model.selection.deal_flow import *
from patient_capital.model.selection.k_of_n import *
from patient_capital.model.selection.score_correlation import *
from patient_capital.model.selection.screening_rules import *
from patient_capital.model.selection.sector_targeting import *
from patient_capital.model.selection.star_visibility import *
from patient_capital.model.selection.state_share import *

__all__ = ["votes_needed", "k_of_n_probability"]
__all__ += ["unanimity_probability", "champion_probability", "majority_probability", "Acceptance", "acceptance_of"]
__all__ += ["net_value", "break_even_loss_ratio"]
__all__ += ["Selection", "acceptance", "select", "caught_share", "selected_returns"]
__all__ += ["ReturnsWithVariance", "pearson_correlation", "copula_correlation"]
__all__ += ["star_caught_share", "break_even_visibility"]
__all__ += ["picking_gain", "sector_concentration", "sector_risk_sd", "scale_factor", "coordination_factor"]
__all__ += ["directed_payoff", "break_even_picking_skill"]
__all__ += ["state_outcome", "best_state_share", "refused_tail_share", "exit_gap", "refusal_for_gap"]
__all__ += ["thinned_tail_share", "with_tail_share", "thinned_returns", "break_even_elasticity"]
__all__ += ["break_even_elasticity_of"]
