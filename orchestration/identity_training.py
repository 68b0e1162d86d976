"""Training the model of who is who anew: what a person asks for, here or in the UI's launchpad."""

from typing import Literal

from dagster import Config
from pydantic import Field

WAREHOUSE = "warehouse"
"""The step of the job that builds the warehouse, and takes this configuration."""


class IdentityTraining(Config):
    """Whether the model that says which records are one person's is trained anew."""

    identity_model: Literal["keep", "train"] = Field(
        default="keep",
        description="'keep' what was published while it fits, or 'train' on today's customers, "
        "although nothing else has changed.",
    )

    @property
    def is_asked_for(self) -> bool:
        """Whether to train whatever there is."""
        return self.identity_model == "train"
