// Sends what was pasted, and shows the answer. Text of a page only ever becomes text here, never markup.
"use strict";

const get = (id) => document.getElementById(id);

get("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  say("cleaning …");
  try {
    const answer = await clean();
    show(answer);
    say(`${answer.status.replace("CLEANING_STATUS_", "")}. ${answer.reasons.join(" ")}`);
  } catch (error) {
    get("answer").hidden = true;
    say(error.message, true);
  }
});

async function clean() {
  const options = {
    offset_unit: "OFFSET_UNIT_UTF16_UNITS",
    return_source_text: true,
    cautious: get("cautious").checked,
    cut_links: get("cut_links").checked,
  };
  if (get("threshold").value !== "") options.threshold = Number(get("threshold").value);
  const request = { options };
  request[get("input").value] = get("content").value;
  const headers = { "content-type": "application/json" };
  if (get("token").value !== "") headers.authorization = `Bearer ${get("token").value}`;
  const response = await fetch("v1/clean", {
    method: "POST",
    headers,
    body: JSON.stringify(request),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer;
}

function show(answer) {
  get("body").textContent = answer.body;
  const source = answer.source_text;
  const pieces = [];
  let end = 0;
  for (const span of answer.removed) {
    pieces.push(source.slice(end, span.start), marked(source.slice(span.start, span.end), span));
    end = span.end;
  }
  get("source").replaceChildren(...pieces, source.slice(end));
  get("kinds").replaceChildren(...answer.counts.removed_by_kind.map(counted));
  get("answer").hidden = false;
}

function marked(text, span) {
  const mark = coloured(text, span.kind);
  const rules = span.evidence.map((evidence) => evidence.rule_id).join(", ");
  mark.title = `${name(span.kind)}, confidence ${span.confidence.toFixed(2)}: ${rules}`;
  return mark;
}

function counted(count) {
  const line = document.createElement("li");
  line.append(coloured(name(count.kind), count.kind), ` ${count.spans} spans, ${count.chars} characters`);
  return line;
}

function coloured(text, kind) {
  const mark = document.createElement("mark");
  mark.textContent = text;
  mark.dataset.kind = name(kind);
  // A colour for each name, far from its neighbours': the golden angle.
  const number = [...name(kind)].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360;
  mark.style.setProperty("--hue", String((number * 137) % 360));
  return mark;
}

function name(kind) {
  return kind.replace("KIND_", "");
}

function say(words, failed = false) {
  get("status").textContent = words;
  get("status").classList.toggle("failed", failed);
}
