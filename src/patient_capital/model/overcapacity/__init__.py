"""Entry into one market by firms that regions support, its capacity and welfare, with and without learning."""

from patient_capital.model.overcapacity.capacity import (
    entry_rise,
    subsidy_for_utilisation,
    utilisation,
    utilisation_of_entry_rise,
    utilisation_under_subsidy,
)
from patient_capital.model.overcapacity.cournot import (
    business_stealing_share,
    cartel_firms,
    firm_output,
    firm_profit,
    free_entry_firms,
    implied_entry_subsidy,
    optimal_firms,
)
from patient_capital.model.overcapacity.learning import (
    LearningPath,
    experience,
    learning_exponent,
    learning_path,
    wright_cost,
)
from patient_capital.model.overcapacity.learning_welfare import (
    break_even_home_share_with_learning,
    discounted_welfare,
    learning_gain,
)
from patient_capital.model.overcapacity.market import cubic_root, entered, relative_entry_cost
from patient_capital.model.overcapacity.regional_game import regional_payoff, symmetric_entry
from patient_capital.model.overcapacity.subsidy_return import return_per_subsidy
from patient_capital.model.overcapacity.welfare import (
    break_even_home_share,
    consumer_surplus,
    home_share_break_even,
    home_welfare,
    producer_surplus,
    relative_welfare,
)

__all__ = ["relative_entry_cost", "entered", "cubic_root"]
__all__ += ["firm_output", "firm_profit", "free_entry_firms", "optimal_firms", "cartel_firms"]
__all__ += ["implied_entry_subsidy", "business_stealing_share"]
__all__ += ["regional_payoff", "symmetric_entry"]
__all__ += ["utilisation", "utilisation_under_subsidy", "subsidy_for_utilisation", "entry_rise"]
__all__ += ["utilisation_of_entry_rise"]
__all__ += ["producer_surplus", "consumer_surplus", "home_welfare", "relative_welfare"]
__all__ += ["home_share_break_even", "break_even_home_share"]
__all__ += ["return_per_subsidy"]
__all__ += ["learning_exponent", "wright_cost", "experience", "LearningPath", "learning_path"]
__all__ += ["discounted_welfare", "learning_gain", "break_even_home_share_with_learning"]
