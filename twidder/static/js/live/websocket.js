/** The live protocol over a WebSocket: both sides speak. */
import { frame as tapped } from "../lib/tap.js";

const NAME = "websocket";
const PATHS = { session: "/live", link: "/live/view" };

export class WebSocketTransport {
  static transport = NAME;
  #socket;
  #receive;

  /** `receive(frame)`, `closed(code)`. `token`: of a link, said in the first frame; without it the cookie counts. */
  constructor({ token, receive, closed }) {
    this.#receive = receive;
    this.#socket = new WebSocket(token ? PATHS.link : PATHS.session);
    this.#socket.onopen = () => token && this.send({ type: "auth", token });
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onclose = ({ code }) => closed(code);
  }

  send(frame) {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const text = JSON.stringify(frame);
    tapped("out", NAME, text);
    this.#socket.send(text);
  }

  /** Lets go at once: a dead network may take minutes to report the close. */
  close() {
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #take(text) {
    tapped("in", NAME, text);
    this.#receive(JSON.parse(text));
  }
}
