/**
 * One question with its answer, as the pages keep it: `{question, state, working, text, citations, commitments,
 * answerId, answer, fault, feedback, followUps}`. `state` is running, done, stopped or failed; `answer` the contract's object
 * once there is one.
 */

export function newExchange(question) {
  return {
    question, state: "running", working: "正在检索…", text: "", citations: [], commitments: [],
    answerId: null, answer: null, fault: null, feedback: null, followUps: [],
  };
}

/** The exchange of a kept turn, as `GET /api/conversations/{id}` gives it. */
export function keptExchange(turn) {
  return { ...newExchange(turn.question), ...ended(turn), feedback: turn.feedback ?? null };
}

/** Take an event of the stream into the exchange. */
export function take(exchange, event) {
  if (event.type === "searching") {
    exchange.working = event.message;
    exchange.answerId = event.answer_id || exchange.answerId;
  } else if (event.type === "evidence") exchange.citations = [...exchange.citations, ...event.citations];
  else if (event.type === "sentence") exchange.text += event.text;
  else if (event.type === "table") exchange.commitments = [...exchange.commitments, ...event.commitments];
  else if (event.type === "done") Object.assign(exchange, ended(event.answer));
}

function ended(answer) {
  return {
    state: answer.stopped ? "stopped" : "done",
    answer,
    answerId: answer.id,
    text: answer.answer,
    citations: answer.citations,
    commitments: answer.commitments,
  };
}

/** Where the service tells of questions that go on from this answer. */
export function followUpsAt({ question, citations }) {
  const query = new URLSearchParams({ question });
  for (const c of citations.slice(0, 20)) query.append("cited", `${c.document_id}:${c.start}`);
  return `/api/follow-ups?${query}`;
}
