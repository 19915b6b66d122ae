/** The boards that I may see: loaded when I sign in and whenever the list is looked at. What I change is known at once. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { memberId, whenLeaving } from "../accounts/session.js";
import { say } from "../frame/toast.js";
import { get, post, remove } from "../lib/http.js";

const AGAIN = 3_000;
const byName = (a, b) => a.board.name.localeCompare(b.board.name);

/** id → { board, mine: { may_arrange } }; null until loaded */
export const known = signal(null);

/** By name; Twidder's own behind those of people. */
export const boards = computed(() => [...(known.value?.values() ?? [])].sort((a, b) => (a.board.built_in ?? false) - (b.board.built_in ?? false) || byName(a, b)));

export const pathOf = ({ slug }) => `/boards/${slug}`;

let turn = 0;

/** Raises a Problem when they cannot be had. */
export async function loadBoards() {
  const mine = (turn += 1);
  const { items } = await get("/boards");
  if (mine === turn) known.value = new Map(items.map((one) => [one.board.id, one]));
}

/** A board as an answer of the server told it. */
export function put(one) {
  known.value = new Map(known.value ?? []).set(one.board.id, one);
}

function take(id) {
  known.value = new Map([...(known.value ?? [])].filter(([key]) => key !== id));
}

/** Gone at once, back when the server refuses or the person thinks again. */
export async function deleteBoard(board) {
  const one = known.value?.get(board.id);
  const putBack = () => one && put(one);
  const restore = () => post(`/boards/${board.id}/restore`).then(putBack, (problem) => say(`Not restored. ${problem.message}`));
  take(board.id);
  try {
    await remove(`/boards/${board.id}`);
    say(`${board.name} is deleted`, { label: "Undo", run: restore });
  } catch (problem) {
    putBack();
    say(`${board.name} is still there. ${problem.message}`);
  }
}

async function start() {
  const me = memberId.value;
  await loadBoards().catch(() => setTimeout(() => memberId.value === me && known.value === null && start(), AGAIN));
}

effect(() => {
  if (memberId.value) untracked(start);
});

whenLeaving(() => {
  turn += 1;
  known.value = null;
});
