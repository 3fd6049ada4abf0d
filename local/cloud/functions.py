"""Lambda as the deployer, the Invoke API and the event bus see it."""

import threading
from dataclasses import dataclass, field

from local.cloud.async_calls import AsyncCalls, AsyncRules, Bury, DeadLetters
from local.runtime import FunctionHost, FunctionNotFound, FunctionSpec, Invocation


@dataclass(frozen=True)
class Permission:
    """A statement of a function's (or of one version's) resource policy: which service may invoke it, from where."""

    statement: str
    qualifier: str | None
    principal: str
    source_arn: str | None


@dataclass
class _Known:
    log_group: str = ""
    dead_letters: DeadLetters | None = None
    permissions: list[Permission] = field(default_factory=list)
    rules: dict[str, AsyncRules] = field(default_factory=dict)


class Functions:
    """The host of the function environments, with layers, permissions and asynchronous invocation around it."""

    def __init__(self, host: FunctionHost, bury: Bury) -> None:
        self.host = host
        self._calls = AsyncCalls(host, bury)
        self._known: dict[str, _Known] = {}
        self._layers: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def put(self, spec: FunctionSpec, dead_letters: DeadLetters | None = None) -> None:
        """Create or update a function's $LATEST."""
        self.host.put_function(spec)
        with self._lock:
            known = self._known.setdefault(spec.name, _Known())
            known.log_group, known.dead_letters = spec.logs_to(), dead_letters

    def remove(self, name: str) -> None:
        """Delete a function with all its versions."""
        self.host.remove_function(name)
        with self._lock:
            self._known.pop(name, None)

    def keep_layer(self, arn: str, content: bytes) -> None:
        """Remember a layer version's zip."""
        self._layers[arn] = content

    def layer(self, arn: str) -> bytes:
        """A layer version's zip."""
        return self._layers[arn]

    def forget_layer(self, arn: str) -> None:
        """Delete a layer version."""
        self._layers.pop(arn, None)

    def permit(self, name: str, permission: Permission) -> None:
        """Add a statement to a function's resource policy, in place of one with the same id."""
        self.forbid(name, permission.statement)
        self._known[name].permissions.append(permission)

    def forbid(self, name: str, statement: str) -> None:
        """Take a statement away."""
        if name in self._known:
            known = self._known[name]
            known.permissions = [item for item in known.permissions if item.statement != statement]

    def log_group(self, name: str) -> str | None:
        """The CloudWatch log group of a function's lines."""
        return self._known[name].log_group if name in self._known else None

    def permits(self, name: str, qualifier: str | None, principal: str, source_arn: str) -> bool:
        """Whether a service may invoke the function, or this version of it, on behalf of a source."""
        return name in self._known and any(
            (item.qualifier, item.principal) == (qualifier, principal) and item.source_arn in (None, source_arn)
            for item in self._known[name].permissions
        )

    def set_rules(self, name: str, qualifier: str, rules: AsyncRules | None) -> None:
        """Set what happens to failed asynchronous invocations (None: Lambda's own defaults)."""
        if name not in self._known:
            return
        self._known[name].rules.pop(qualifier, None)
        if rules:
            self._known[name].rules[qualifier] = rules

    def rules(self, name: str, qualifier: str | None) -> AsyncRules:
        """What happens to failed asynchronous invocations."""
        known = self._known.get(name)
        return known.rules.get(qualifier or "$LATEST", AsyncRules()) if known else AsyncRules()

    def invoke(self, name: str, qualifier: str | None, payload: bytes) -> Invocation:
        """Run a function and wait for its answer."""
        return self.host.invoke(name, qualifier, payload)

    def send(self, name: str, qualifier: str | None, payload: bytes) -> None:
        """Run a function without waiting; a failure is tried again as its rules say."""
        known = self._known.get(name)
        if known is None:
            raise FunctionNotFound(f"Function not found: {name}")
        self._calls.send(name, qualifier, payload, self.rules(name, qualifier), known.dead_letters)

    def close(self) -> None:
        """Stop sending and end every environment."""
        self._calls.close()
        self.host.close()


def split_name(identifier: str, qualifier: str | None = None) -> tuple[str, str | None]:
    """A function's name and version or alias, from a name or an ARN, qualified or not."""
    parts = identifier.split(":")
    if parts[0] == "arn":
        parts = parts[6:]
    elif "function" in parts:
        parts = parts[parts.index("function") + 1 :]
    return parts[0], parts[1] if len(parts) > 1 else qualifier
