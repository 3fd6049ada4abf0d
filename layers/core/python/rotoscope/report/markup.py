"""HTML and SVG in which text cannot become markup, whatever a file or a prompt is called."""

from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | int | float | None


def markup(*children: Child) -> Markup:
    """Everything behind one another; what is no Markup is escaped, None is nothing."""
    return Markup("".join(_escaped(child) for child in children if child is not None))


def tag(name: str, *children: Child, **attributes: Child | bool) -> Markup:
    """One element. `class_` and `stroke_width` are class and stroke-width; None and False leave an attribute out."""
    facts = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    return Markup(f"<{name}{facts}>{markup(*children)}</{name}>")


def void(name: str, **attributes: Child | bool) -> Markup:
    """One element that can have no content, such as img."""
    return Markup(tag(name, **attributes).removesuffix(f"</{name}>"))


def user_text(text: str) -> Markup:
    """Text in a script of its own: a right-to-left name does not turn what stands around it."""
    return tag("bdi", text)


def table(head: tuple[str, ...], rows: list[tuple[Child, ...]], **attributes: Child) -> Markup:
    """The first column names the rows."""
    titles = tag("thead", tag("tr", *(tag("th", title, scope="col") for title in head))) if head else None
    body = (tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows)
    return tag("div", tag("table", titles, tag("tbody", *body), **attributes), class_="wide")


def _escaped(child: Child) -> str:
    return child if isinstance(child, Markup) else escape(str(child))


def _attribute(key: str, value: Child | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{escape(str(value))}"'
