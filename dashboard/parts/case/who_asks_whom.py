"""The picture of who asks whom for what: two tenants, the engineer between them, and who decides.

It is HTML, so that names of any length wrap, and that it is vertical in a narrow space.
"""

from html import escape

from dashboard.palette import ENGINEER, RESOURCE_TENANT, SUPPORT_REQUEST_TENANT, WAITS, Colour
from dashboard.parts.case.first_request import FirstRequest
from dashboard.text.words import sentence
from model import Approval

_LAYOUT = """
.asks {container-type: inline-size; margin: .25rem 0 .5rem}
.asks-in {display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr) 7rem minmax(0, 2fr) minmax(0, 3fr);
  gap: .25rem .5rem; align-items: center; line-height: 1.35}
.asks small {display: block; font-size: .85rem}
.asks strong {font-weight: 650}
.asks .party {border: 1px solid; border-radius: .6rem; padding: .9rem 1rem; grid-row: 1 / 4; align-self: stretch;
  overflow-wrap: anywhere}
.asks .party strong {display: block; font-size: 1.25rem; margin: .1rem 0 .6rem}
.asks .engineer {border: 1px solid; border-radius: 50%; width: 7rem; height: 7rem; display: flex; text-align: center;
  flex-direction: column; justify-content: center; overflow: hidden; overflow-wrap: anywhere}
.asks .arrow {text-align: center; font-size: .9rem}
.asks .line {display: flex; align-items: center}
.asks .line::before {content: ""; flex: 1; border-top: 2px solid}
.asks .asked .line::before {border-top-style: dashed}
.asks .line::after {content: ""; border: .4rem solid transparent; border-left: .6rem solid; border-right: 0}
.asks .up {grid-column: 3; grid-row: 2; justify-self: center; width: 2px; height: 1.5rem; background: currentColor;
  position: relative}
.asks .up::after {content: ""; position: absolute; top: -.2rem; left: calc(1px - .4rem);
  border: .4rem solid transparent; border-bottom: .6rem solid; border-top: 0}
.asks .decides {grid-column: 2 / 5; grid-row: 3; justify-self: center; border: 1px solid; border-radius: .6rem;
  padding: .4rem .9rem; text-align: center; overflow-wrap: anywhere}
@container (max-width: 38rem) {
  .asks-in {grid-template-columns: 1fr; justify-items: center}
  .asks .party, .asks .decides, .asks .up {grid-row: auto; grid-column: 1}
  .asks .party {width: 100%}
  .asks .engineer {width: auto; height: auto; border-radius: 3rem; padding: .5rem 1.5rem}
  .asks .arrow {display: flex; flex-direction: row-reverse; gap: .6rem; align-items: center}
  .asks .line {flex-direction: column; height: 2rem}
  .asks .line::before {border-top: 0; border-left: 2px solid}
  .asks .asked .line::before {border-left-style: dashed}
  .asks .line::after {border: .4rem solid transparent; border-top: .6rem solid; border-bottom: 0}
  .asks .up {order: 1} .asks .decides {order: 2}
}
"""


def picture(first: FirstRequest) -> str:
    """Return the drawing as HTML, with a sentence as its text alternative."""
    tenant, engineer, resource = (
        escape(name) for name in (first.support_request_tenant, first.engineer.split()[0], first.resource_tenant)
    )
    name = escape(first.decider_name.split()[0]) if first.decider_name else ""
    decides = {
        Approval.BOTH: f"<strong>{name}</strong> decides, as an administrator of both tenants" if name else "",
        Approval.RESOURCE: f"<strong>{name}</strong> decides, as an administrator of {resource}" if name else "",
        Approval.EACH: "an administrator of each tenant decides",
    }[first.approval] or f"{escape(first.who_decides)} decides"
    return f"""<figure class="asks" role="img" aria-label="{escape(in_words(first))}"><div class="asks-in">
<div class="party support"><small>Support request tenant</small><strong>{tenant}</strong>
opened the support request<br>“{escape(first.title)}”</div>
<div class="arrow opened">1. Support request<div class="line"></div></div>
<div class="engineer"><strong>{engineer}</strong><small>support engineer</small></div>
<div class="arrow asked">2. May I read?<div class="line"></div></div>
<div class="up"></div><div class="decides">3. {decides}</div>
<div class="party resource"><small>Resource tenant</small><strong>{resource}</strong>
has the data: sign-in logs, conditional access, …</div>
</div></figure><style>{_LAYOUT}{_colours()}</style>"""


def in_words(first: FirstRequest) -> str:
    """Return the picture's content in sentences; plain text."""
    named = first.decider_name and first.approval is not Approval.EACH
    decides = f"{first.decider_name}, {first.who_decides}, decides" if named else f"{first.who_decides} decides"
    return (
        f"{first.support_request_tenant}, the support request tenant, opened the support request “{first.title}”. "
        f"{first.engineer}, the support engineer, asks to read diagnostic data of {first.resource_tenant}, the "
        f"resource tenant. {sentence(decides)}."
    )


def _colours() -> str:
    """Return the parties' colours, which follow the page's theme."""
    parts = {
        "support": SUPPORT_REQUEST_TENANT,
        "engineer": ENGINEER,
        "resource": RESOURCE_TENANT,
    }
    arrows = {"opened": SUPPORT_REQUEST_TENANT, "asked": WAITS, "up": RESOURCE_TENANT}
    filled = (
        f".asks .{part} {{background: {_pair(c, 'background')}; border-color: {c.mark}}}" for part, c in parts.items()
    )
    drawn = (f".asks .{part} {{color: {_pair(c, 'text')}}}" for part, c in arrows.items())
    return " ".join((*filled, *drawn, f".asks .decides {{border-color: {RESOURCE_TENANT.mark}}}"))


def _pair(colour: Colour, shade: str) -> str:
    return f"light-dark({getattr(colour.light, shade)}, {getattr(colour.dark, shade)})"
