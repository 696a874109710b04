"""Which parameters of LightGBM a study may set, and to what.

Every parameter of LightGBM is in one of three places: here with its values, here with the reason
why it cannot be used, or in `lightgbm_parameters.RESERVED`, because the workflow sets it itself.
Values that LightGBM would refuse in the middle of a study, or silently replace by others, are
refused here. Bounds are those of LightGBM's manual.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confaug.config.values import LARGEST_INTEGER
from confaug.errors import UserError

#: A value of a parameter, and parameters by name.
ParameterValue = bool | int | float | str
Parameters = Mapping[str, ParameterValue]
KINDS = {"bool": "true or false", "int": "an integer", "float": "a number"}


@dataclass(frozen=True)
class Allowed:
    """The values of one parameter.

    Attributes
    ----------
    kind
        ``bool``, ``int``, ``float``, or ``text`` for one of `texts`.
    above, least, most
        Bounds of a number; `above` is not itself allowed.
    """

    kind: str
    above: float = -math.inf
    least: float = -math.inf
    most: float = math.inf
    texts: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind == "text":
            return "one of " + ", ".join(self.texts) if len(self.texts) > 1 else self.texts[0]
        limits = (("above", self.above), ("from", self.least), ("up to", self.most))
        bounds = [f"{word} {limit:g}" for word, limit in limits if math.isfinite(limit)]
        return " ".join([KINDS[self.kind], *bounds])

    def has(self, value: Any) -> bool:
        """Tell whether a value is allowed."""
        if self.kind == "text":
            return value in self.texts
        if self.kind == "bool":
            return isinstance(value, bool)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        whole = self.kind == "float" or (value % 1 == 0 and abs(value) <= LARGEST_INTEGER)
        return whole and self.above < value and self.least <= value <= self.most


_SHARE = Allowed("float", above=0, most=1)
_NOT_NEGATIVE = Allowed("float", least=0)
_SEED = Allowed("int", least=0)
_BOOL = Allowed("bool")

#: The parameters that a study may set.
USEFUL: Mapping[str, Allowed] = {
    "alpha": Allowed("float", above=0),
    "bagging_fraction": _SHARE,
    "bagging_freq": Allowed("int", least=0),
    "bagging_seed": _SEED,
    "bin_construct_sample_cnt": Allowed("int", least=1),
    "boost_from_average": _BOOL,
    "boosting": Allowed("text", texts=("gbdt", "dart")),
    "cegb_penalty_split": _NOT_NEGATIVE,
    "cegb_tradeoff": _NOT_NEGATIVE,
    "drop_rate": Allowed("float", least=0, most=1),
    "drop_seed": _SEED,
    "enable_bundle": _BOOL,
    "extra_seed": _SEED,
    "extra_trees": _BOOL,
    "feature_fraction": _SHARE,
    "feature_fraction_bynode": _SHARE,
    "feature_fraction_seed": _SEED,
    "lambda_l1": _NOT_NEGATIVE,
    "lambda_l2": _NOT_NEGATIVE,
    "learning_rate": Allowed("float", above=0),
    "max_bin": Allowed("int", least=2),
    "max_delta_step": Allowed("float"),
    "max_depth": Allowed("int"),
    "max_drop": Allowed("int"),
    "min_data_in_bin": Allowed("int", least=1),
    "min_data_in_leaf": Allowed("int", least=0),
    "min_gain_to_split": _NOT_NEGATIVE,
    "min_sum_hessian_in_leaf": _NOT_NEGATIVE,
    "num_leaves": Allowed("int", least=2, most=131_072),
    "objective": Allowed("text", texts=("regression", "regression_l1", "huber")),
    "path_smooth": _NOT_NEGATIVE,
    "skip_drop": Allowed("float", least=0, most=1),
    "uniform_drop": _BOOL,
    "use_missing": _BOOL,
    "xgboost_dart_mode": _BOOL,
    "zero_as_missing": _BOOL,
}

_REASONS: Mapping[str, tuple[str, ...]] = {
    "it concerns files, columns or how LightGBM reads them, but the workflow passes the data "
    "itself": (
        *("config", "data", "valid", "input_model", "output_model", "output_result"),
        *("forcedbins_filename", "forcedsplits_filename", "parser_config_file", "header"),
        *("label_column", "weight_column", "group_column", "ignore_column", "save_binary"),
        *("two_round", "pre_partition", "precise_float_parser", "snapshot_freq"),
    ),
    "a model is trained on one machine": (
        *("machines", "machine_list_filename", "num_machines", "local_listen_port", "time_out"),
        *("tree_learner", "top_k"),
    ),
    "models are trained on the processor, so that results are the same everywhere": (
        *("device_type", "gpu_device_id", "gpu_device_id_list", "gpu_platform_id", "gpu_use_dp"),
        "num_gpu",
    ),
    "it belongs to another task than training": (
        *("task", "convert_model", "convert_model_language", "refit_decay_rate"),
        *("num_iteration_predict", "start_iteration_predict", "pred_early_stop"),
        *("pred_early_stop_freq", "pred_early_stop_margin", "predict_contrib"),
        *("predict_disable_shape_check", "predict_leaf_index", "predict_raw_score"),
    ),
    "it belongs to classification, to ranking or to an objective that is not supported": (
        *("num_class", "is_unbalance", "scale_pos_weight", "sigmoid", "multi_error_top_k"),
        *("auc_mu_weights", "neg_bagging_fraction", "pos_bagging_fraction", "bagging_by_query"),
        *("eval_at", "label_gain", "lambdarank_norm", "lambdarank_truncation_level"),
        *("lambdarank_position_bias_regularization", "objective_seed", "fair_c"),
        *("poisson_max_delta_step", "tweedie_variance_power"),
    ),
    "descriptors are numbers, not categories": (
        *("categorical_feature", "cat_l2", "cat_smooth", "max_cat_threshold", "max_cat_to_onehot"),
        "min_data_per_group",
    ),
    "it needs a value for every descriptor, but the descriptors differ from fold to fold": (
        *("cegb_penalty_feature_coupled", "cegb_penalty_feature_lazy", "feature_contri"),
        *("interaction_constraints", "max_bin_by_feature", "monotone_constraints"),
        *("monotone_constraints_method", "monotone_penalty"),
    ),
    "LightGBM crashes when linear leaves meet missing descriptor values": (
        "linear_tree",
        "linear_lambda",
    ),
    "labels are centred before learning, so that their square root has no meaning": ("reg_sqrt",),
    "rows are sampled by bagging, which preserves the weights of molecules": (
        *("data_sample_strategy", "top_rate", "other_rate"),
    ),
    "gradients stay in full precision": (
        *("use_quantized_grad", "num_grad_quant_bins", "quant_train_renew_leaf"),
        "stochastic_rounding",
    ),
    "the workflow decides when training stops: see tuning.early_stopping_rounds": (
        *("early_stopping_min_delta", "first_metric_only", "metric_freq"),
        "is_provide_training_metric",
    ),
    "it concerns only memory, speed or LightGBM's own output": (
        *("histogram_pool_size", "is_enable_sparse", "saved_feature_importance_type"),
    ),
}
#: Parameters that cannot be used, with the reason.
UNSUITABLE = {name: reason for reason, names in _REASONS.items() for name in names}


def check_value(key: str, name: str, value: Any) -> None:
    """Check one value of a parameter.

    Parameters
    ----------
    key
        The key of the configuration, for the message.
    name
        The parameter's main name, one of `USEFUL`.

    Raises
    ------
    UserError
        If the value is of another type or out of bounds.
    """
    if not USEFUL[name].has(value):
        what = "objective" if name == "objective" else "value"
        raise UserError(
            f"config key {key!r}: {what} {value!r} is not supported; use {USEFUL[name]}"
        )


def check_entry(key: str, name: str, entry: Mapping[str, Any]) -> None:
    """Check one entry of the search space: every value, or both bounds and their type.

    Parameters
    ----------
    key
        The key of the entry.
    name
        The parameter's main name, one of `USEFUL`.
    entry
        With its `type`, and `values` or `low` and `high`.

    Raises
    ------
    UserError
        If the parameter could get a value that is not possible.
    """
    kind = USEFUL[name].kind
    if entry["type"] == "choice":
        for value in entry["values"]:
            check_value(f"{key}.values", name, value)
        return
    if kind in ("bool", "text"):
        raise UserError(
            f"config key '{key}.type' must be choice, because the value is {USEFUL[name]}"
        )
    if kind == "int" and entry["type"] != "int":
        raise UserError(
            f"config key '{key}.type' must be int or choice, but is {entry['type']}; the value is "
            f"{USEFUL[name]}"
        )
    for bound in ("low", "high"):
        check_value(f"{key}.{bound}", name, entry[bound])
