// The page reads without this script. It adds what style alone cannot: reasons, jumps, all and none.
// Spans have no listeners of their own, however many there are. Text of the page is only ever set as text. ASCII only.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const main = document.querySelector("main");
  const controls = byId("controls");
  const panel = byId("reasons");
  const why = byId("why");
  const spans = Array.from(main.querySelectorAll(".source [data-kind]")); // removed ones are <mark>, kept ones <span>
  const places = new Map(spans.map((span, place) => [span, place]));
  const kinds = Array.from(controls.querySelectorAll("input[name=kind]"));
  const hint = why && Array.from(why.childNodes);
  let shown = null; // whose reasons are shown
  let held = false; // shown by a click or a tap: pointing elsewhere changes nothing until it is let go
  let current = null; // where jumps start from
  let stop = null; // the one span that the Tab key stops at

  if (main.compareDocumentPosition(controls) & Node.DOCUMENT_POSITION_FOLLOWING) main.before(controls);
  if (!panel) return; // nothing was found, so there is nothing to say

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  const quoted = (text) => {
    const made = element("td", text);
    made.dir = "auto";
    return made;
  };

  const row = (cells) => {
    const made = document.createElement("tr");
    made.append(...cells);
    return made;
  };

  const table = (evidence) => {
    const made = document.createElement("table");
    made.append(row([element("th", "Rule"), element("th", "Weight", "number"), element("th", "Matched")]));
    for (const [rule, weight, matched] of evidence) {
      made.append(row([element("td", rule), element("td", weight, "number"), quoted(matched)]));
    }
    return made;
  };

  const reasons = (data) => {
    if (!data.evidence) return [element("p", "Found, and kept in the body.")];
    const evidence = JSON.parse(data.evidence);
    return [evidence.length ? table(evidence) : element("p", "The answer names no rules.")];
  };

  const show = (span) => {
    if (span === shown) return;
    const data = span.dataset;
    const head = document.createElement("header");
    const title = document.createElement("h2");
    title.append(element("span", data.kind, span.classList[0] + " sample"));
    head.append(title, element("span", "confidence " + data.confidence));
    const facts = [element("p", "Offsets " + data.at)];
    if (data.cssPath) facts.push(element("p", "Element " + data.cssPath));
    why.replaceChildren(head, ...facts, ...reasons(data));
    panel.classList.remove("empty");
    panel.scrollTop = 0;
    forget();
    shown = span;
    span.classList.add("shown");
    span.removeAttribute("title"); // the panel says all that it said
  };

  const forget = () => {
    if (shown) shown.classList.remove("shown");
    shown = null;
    held = false;
  };

  const hide = () => {
    forget();
    why.replaceChildren(...hint);
    panel.classList.add("empty");
  };

  const take = (span) => {
    show(span);
    if (stop !== span) stop.removeAttribute("tabindex");
    stop = current = span;
    span.tabIndex = 0;
    place();
  };

  const bodyOnly = () => byId("view-body").checked;
  const goal = (span) => span.localName === "mark" && byId("show-" + span.classList[0]).checked;

  const place = () => {
    const those = spans.filter(goal);
    const at = those.indexOf(current) + 1;
    byId("place").textContent = at ? at + " of " + those.length : those.length + " removed";
    byId("next").disabled = byId("previous").disabled = !those.length;
  };

  const jump = (step, focused) => {
    if (bodyOnly()) return;
    let at = current ? places.get(current) : step > 0 ? -1 : spans.length;
    for (let tried = 0; tried < spans.length; tried++) {
      at = (at + step + spans.length) % spans.length;
      if (!goal(spans[at])) continue;
      take(spans[at]);
      current.scrollIntoView({ block: "start", behavior: "instant" });
      if (focused) current.focus({ preventScroll: true });
      return;
    }
  };

  const spanOf = (event) => event.target.closest && event.target.closest(".source [data-kind]");

  // A move, for where the page scrolls under a mouse that rests, nobody points.
  main.addEventListener("pointermove", (event) => {
    const span = spanOf(event);
    if (span && !held && event.pointerType !== "touch") show(span);
  });
  main.addEventListener("click", (event) => {
    const span = spanOf(event);
    if (!span && held) hide();
    if (span) take(span);
    held = !!span;
  });
  main.addEventListener("focusin", (event) => {
    const span = spanOf(event);
    if (!span) return;
    take(span);
    span.setAttribute("aria-describedby", "why");
  });
  main.addEventListener("focusout", (event) => event.target.removeAttribute("aria-describedby"));

  controls.addEventListener("change", () => {
    if (bodyOnly()) hide();
    place();
  });
  const switchAll = (to) => {
    for (const kind of kinds) kind.checked = to;
    place();
  };
  byId("close").addEventListener("click", hide);
  byId("all").addEventListener("click", () => switchAll(true));
  byId("none").addEventListener("click", () => switchAll(false));
  byId("next").addEventListener("click", () => jump(1, false));
  byId("previous").addEventListener("click", () => jump(-1, false));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") hide();
    if (!byId("keys").checked) return;
    if (event.key === "n") jump(1, true);
    if (event.key === "p") jump(-1, true);
  });

  for (const waiting of controls.querySelectorAll("[hidden]")) waiting.hidden = false;
  // A narrow screen begins with the text, not with a long list.
  if (matchMedia("(max-width: 40rem)").matches) controls.querySelector("details").open = false;
  stop = spans[0];
  stop.tabIndex = 0;
  place();
})();
