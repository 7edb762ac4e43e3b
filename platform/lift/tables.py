"""Every table of the product, imported in one place for migrations and tests."""

import lift.accounts.models
import lift.catalog.models
import lift.copilot.models
import lift.interviews.loop_models
import lift.interviews.model_calls
import lift.interviews.models
import lift.kernel.jobs
import lift.notifications.models
import lift.problems.models
import lift.questions.desk_models
import lift.questions.models
import lift.shelf.models
import lift.submissions.desk_models
import lift.submissions.models
from lift.kernel.db import Base

__all__ = ["lift", "metadata"]

metadata = Base.metadata
