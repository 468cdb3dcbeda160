/** The service, as the pages speak to it: JSON in and out, errors in words, the token where one is needed. */

/** What went wrong in words for the reader: `message` what happened, `advice` what to do. */
export class ServiceError extends Error {
  constructor(message, advice = "", status = 0, code = "") {
    super(message);
    this.advice = advice;
    this.status = status;
    this.code = code;
  }
}

/** Whether there is nothing yet that could be asked. */
export const isEmpty = (error) => error.code === "index_unavailable";

/** Any error in words for the reader. */
export function told(error) {
  if (isEmpty(error)) return "现在没有可查的文件，请联系管理员（上传文件，或在服务器上运行 ingest run）。";
  return error.advice ? `${error.message.replace(/。$/, "")}。${error.advice}` : error.message;
}

export const unreachable = () => new ServiceError("连不上服务", "请检查网络，或稍后重试。");

let token = null;
// Asks whoever gave the token for another; on a page of its own, the reader.
let renewed = async (refused) => (await import("./gate.js")).askForKey(refused);

/** Send this token from now on; `renew(refused)` gives another, or null, when the service no longer takes it. */
export function authorize(first, renew) {
  token = first;
  renewed = renew;
}

/** The token in use, for a page that this one opens. */
export const currentToken = () => token;

/** Ask the service. Raises a ServiceError, or the AbortError of `options.signal`. */
export async function open(path, options = {}, again = true) {
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...options.headers };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    throw error.name === "AbortError" ? error : unreachable();
  }
  if (response.ok) return response;
  if (response.status === 401 && again && renewed) {
    token = await renewed(token);
    if (token) return open(path, options, false);
  }
  const fault = (await response.json().catch(() => null))?.error;
  if (fault) throw new ServiceError(fault.message, fault.advice, response.status, fault.code);
  throw new ServiceError("服务没有正常回应", "请稍后重试。", response.status);
}

const withBody = (method, body) => ({ method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** The JSON object at an address; with this key where one is given, else with the token in use. */
export const getJson = async (path, key) => (await open(path, key ? { headers: { Authorization: `Bearer ${key}` } } : {})).json();

/** Send a JSON object with this method; the response as it is. */
export const sendJson = (method, path, body, signal) => open(path, { ...withBody(method, body), signal });

export const remove = (path, headers = {}) => open(path, { method: "DELETE", headers });

/** Give the reader a file; `name` where the service names none. */
export async function download(path, name) {
  const response = await open(path);
  const said = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "");
  offer(await response.blob(), said ? decodeURIComponent(said[1]) : name);
}

/** Give the reader this blob as a file. */
export function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
