"""Entry into one market by firms that regions support, its capacity and welfare, with and without learning."""

from patient_capital.model.overcapacity.capacity import *
from patient_capital.model.overcapacity.cournot import *
from patient_capital.model.overcapacity.learning import *
from patient_capital.model.overcapacity.learning_welfare import *
from patient_capital.model.overcapacity.market import *
from patient_capital.model.overcapacity.regional_game import *
from patient_capital.model.overcapacity.subsidy_return import *
from patient_capital.model.overcapacity.welfare import *

__all__ = ["relative_entry_cost", "entered", "cubic_root"]
__all__ += ["firm_output", "firm_profit", "free_entry_firms", "optimal_firms", "cartel_firms", "implied_entry_subsidy"]
__all__ += ["business_stealing_share"]
__all__ += ["RegionalEntry", "regional_payoff", "symmetric_entry", "regional_entry"]
__all__ += ["utilisation", "utilisation_under_subsidy", "subsidy_for_utilisation", "entry_rise"]
__all__ += ["utilisation_of_entry_rise"]
__all__ += ["producer_surplus", "consumer_surplus", "home_welfare", "relative_welfare", "best_firms"]
__all__ += ["home_share_break_even", "break_even_home_share"]
__all__ += ["return_per_subsidy"]
__all__ += ["learning_exponent", "wright_cost", "experience", "LearningPath", "learning_path"]
__all__ += ["discounted_welfare", "learning_gain", "break_even_home_share_with_learning"]
