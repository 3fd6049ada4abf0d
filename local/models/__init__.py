"""Stand-ins for the paid model services (Bedrock, SageMaker, Service Quotas): strict, metered, marked as simulated.

They share no code with the engine adapters, only the drawing: a wrong request fails here as it would in the account.
"""

from local.models.answers import ModelAnswer
from local.models.drawing import Drawer
from local.models.faults import Fault, Faults
from local.models.metering import Meter
from local.models.services import ModelServices

__all__ = ["Drawer", "Fault", "Faults", "Meter", "ModelAnswer", "ModelServices"]
