"""What can go wrong, in two branches. The class names are what the state machine's Retry fields and the mails see.

RotoscopeError
  JobError          the job is wrong: tell the uploader, do not retry
    NotAVideo, UnreadableVideo, TruncatedVideo, VideoTooLarge, SettingsInvalid, SettingNotBuilt,
    StyleImageMissing, ModelRetired, ModelDenied, CallRefused, BudgetExceeded, JobStopped, NothingStyled,
    JobUnknown, JobRunning, ResultTooLarge
  WorldBusy         the world is busy: the state machine retries the whole task
    MediaToolFailed, SourceUnread
Inside StylizeFrame only, never seen by the state machine:
  CallOutcome       Throttled, ModelBusy, AnswerLost, FrameFiltered, Unaffordable
"""


class RotoscopeError(Exception):
    """Root of everything that this package raises on purpose."""


class JobError(RotoscopeError):
    """The job cannot be done as it was asked for. The message is a sentence for the person who dropped the file."""


class NotAVideo(JobError):
    """The upload holds no moving picture: sound only, text, nothing at all."""


class UnreadableVideo(JobError):
    """The upload is in a container or codec that cannot be decoded, or is damaged beyond use."""


class TruncatedVideo(JobError):
    """The upload ends before its own index says it should."""


class VideoTooLarge(JobError):
    """The upload exceeds a stated limit: pixels, duration or frames."""


class SettingsInvalid(JobError):
    """A settings document is not JSON, has an unknown key or a value out of range, or asks too much of its video."""


class SettingNotBuilt(JobError):
    """A setting that is part of the design but whose work has not been built yet."""


class StyleImageMissing(JobError):
    """The engine needs a style image and the inbox has none under the given key, or it is no image."""


class ModelRetired(JobError):
    """The model no longer exists on Bedrock; the message names the engine to use instead."""


class ModelDenied(JobError):
    """The account may not call the model: no subscription, no permission, no such endpoint."""


class CallRefused(JobError):
    """The model service refused the request itself; every other frame's would be refused too."""


class BudgetExceeded(JobError):
    """The job would cost more, call more often or take longer than its limits allow."""


class JobStopped(JobError):
    """Somebody or something set `stopped` in the ledger; the message is the reason."""


class NothingStyled(JobError):
    """Not one frame came back from the engine, so there is nothing to make a video from."""


class JobUnknown(JobError):
    """There is no job of that name to resume."""


class JobRunning(JobError):
    """The job that should be resumed is still running."""


class ResultTooLarge(JobError):
    """A finished file would not fit onto the disk on which it is joined."""


class WorldBusy(RotoscopeError):
    """Something outside failed for the moment; running the whole task again may help."""


class MediaToolFailed(WorldBusy):
    """FFmpeg or the muxer failed on material that was readable before; the message ends with its own last lines."""


class SourceUnread(WorldBusy):
    """The bucket did not hand over an upload's bytes."""


class CallOutcome(RotoscopeError):
    """A model call that ended in something other than a picture, to be handled where it was made."""


class Throttled(CallOutcome):
    """The model's requests per minute are used up (HTTP 429)."""


class ModelBusy(CallOutcome):
    """The model service refused for the moment (5xx, 408, 424, no connection): nothing was charged."""


class AnswerLost(CallOutcome):
    """The request went out and no usable picture came back: nobody can tell whether it was charged."""


class Unaffordable(CallOutcome):
    """The job's own limits leave no room for another call. The message is a sentence that names the limit."""


class FrameFiltered(CallOutcome):
    """The service answered, perhaps paid, but its content filter kept the picture. The message is its reason."""


def named(name: str) -> type[JobError]:
    """The JobError class of that name; JobError itself for any other."""
    return next((kind for kind in JobError.__subclasses__() if kind.__name__ == name), JobError)
