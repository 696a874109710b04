"""The configuration as a whole: all sections with their settings."""

from confaug.config.settings.base import Section
from confaug.config.settings.descriptors import DescriptorSettings
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.config.settings.evaluation import EvaluationSettings
from confaug.config.settings.molecules import CleaningSettings, ShardSettings, SplitSettings
from confaug.config.settings.prediction import PredictionSettings
from confaug.config.settings.requirements import RequirementSettings
from confaug.config.settings.study import InputSettings, PathSettings, PropertySettings
from confaug.config.settings.tuning import TuningSettings
from confaug.config.settings.variants import DEFAULT_VARIANTS, Variants


class Configuration(Section):
    """Configuration of a confaug study."""

    pathvars: PathSettings = PathSettings()
    input: InputSettings
    property: PropertySettings = PropertySettings()
    cleaning: CleaningSettings = CleaningSettings()
    splits: SplitSettings = SplitSettings()
    shards: ShardSettings = ShardSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    descriptors: DescriptorSettings = DescriptorSettings()
    variants: Variants = DEFAULT_VARIANTS
    """What is compared: named pairs of a representation and a learner, on identical splits and
    folds. If set, it replaces the default list."""
    tuning: TuningSettings = TuningSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    requirements: RequirementSettings = RequirementSettings()
    prediction: PredictionSettings = PredictionSettings()
