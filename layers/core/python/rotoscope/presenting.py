"""A drawn frame as the deliverables show it: in the result's size, on a ground or on none, beside its source."""

from dataclasses import dataclass

from rotoscope import shaping, transparency
from rotoscope.contracts import JobPlan
from rotoscope.deliverables import Deliverable, pace, picture_size
from rotoscope.motion.quality import Seen
from rotoscope.ports import KEEPS_ALPHA, RGB, Alpha
from rotoscope.sizes import Size


@dataclass(frozen=True)
class Shown:
    """One frame of the result. `flat` lies on the background, where `picture` is transparent; else they are one."""

    picture: RGB
    alpha: Alpha | None
    flat: RGB
    compared: RGB | None


@dataclass(frozen=True)
class Presentation:
    """How a job's frames are shown: `size` is the pictures', `compared` the comparison's (None: there is none)."""

    size: Size
    compared: Size | None
    fit: str
    background: RGB
    alpha: bool
    wipes: bool
    seconds_per_tick: float

    @classmethod
    def of(cls, plan: JobPlan) -> "Presentation":
        output, size = plan.settings.output, picture_size(plan)
        wipes = output.compare == "wipe"
        compared = shaping.wipe_size(size) if wipes else shaping.compare_size(size)
        return cls(
            size=size,
            compared=compared if output.compare else None,
            fit=output.fit,
            background=transparency.levels(output.background),
            alpha=plan.source.alpha,
            wipes=wipes,
            seconds_per_tick=float(plan.source.time_base) * pace(plan),
        )

    def shown(self, drawn: Seen, alpha: Alpha | None, ticks: int) -> Shown:
        """The frame that is shown so many ticks after the result's first; `alpha` is the source's opacity."""
        clear = None if alpha is None else shaping.fitted(alpha, self.size, self.fit)
        picture, flat = self._laid(drawn.picture, clear)
        if self.compared is None:
            return Shown(picture, clear, flat, None)
        _, source = self._laid(drawn.source, clear)
        return Shown(picture, clear, flat, self._compared(source, flat, self.compared, ticks * self.seconds_per_tick))

    def flat(self, picture: RGB, alpha: Alpha | None) -> RGB:
        """A picture of Shown on the background."""
        return picture if alpha is None else transparency.laid_over(self.background, picture, alpha)

    def keeps_alpha(self, each: Deliverable) -> bool:
        """Whether a deliverable's parts are transparent where the source is."""
        return self.alpha and each.form in KEEPS_ALPHA

    def _laid(self, picture: RGB, alpha: Alpha | None) -> tuple[RGB, RGB]:
        """In the result's size: without a ground, and on the background."""
        if alpha is None:
            fitted = shaping.fitted(picture, self.size, self.fit)
            return fitted, fitted
        lifted = transparency.lifted(shaping.fitted(picture, self.size, self.fit, ground=255), alpha)
        return lifted, self.flat(lifted, alpha)

    def _compared(self, source: RGB, result: RGB, size: Size, seconds: float) -> RGB:
        if self.wipes:
            return shaping.wiped(source, result, size, seconds)
        return shaping.side_by_side(source, result, size)
