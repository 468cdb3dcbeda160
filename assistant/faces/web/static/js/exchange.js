/**
 * One question with its answer, as the pages keep it: `{question, state, working, text, citations, commitments,
 * answerId, answer, fault, feedback}`. `state` is running, done, stopped or failed; `answer` the contract's object
 * once there is one.
 */

export function newExchange(question) {
  return {
    question, state: "running", working: "正在检索…", text: "", citations: [], commitments: [],
    answerId: null, answer: null, fault: null, feedback: null,
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

/** Questions that carry on from this answer: what its rows state and the question did not ask for. */
export function followUps(exchange) {
  const { commitments, question, answer } = exchange;
  if (!answer || !commitments.length) return [];
  const [row] = commitments;
  const about = commitments.length === 1 && row.task.length <= 24 ? `“${row.task}”` : "这些事项";
  const possible = [
    [/牵头|负责|责任|谁/, commitments.some((c) => c.lead_units.length), "由谁牵头？"],
    [/配合|参与|协同/, commitments.some((c) => c.cooperating_units.length), "由哪些单位配合？"],
    [/时限|何时|什么时候|期限|完成|几月|哪天/, commitments.some((c) => c.deadline.as_written), "什么时候完成？"],
    [/进展|进度|情况|完成/, commitments.some((c) => c.status.state !== "unclear"), "进展如何？"],
  ];
  return possible.filter(([asked, known]) => known && !asked.test(question)).map(([, , rest]) => about + rest).slice(0, 3);
}
