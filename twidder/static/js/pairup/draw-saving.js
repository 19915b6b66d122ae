/** A ranking as it is drawn and as it is stored: shown at once, stored one after the other, put back when refused. */
import { useEffect, useRef, useState } from "preact/hooks";
import { put } from "../lib/http.js";

/** → { list: [place ids], state: "" | "saving" | "saved" | what went wrong, set(list) } */
export function useRanking(model) {
  const { id } = model.round.value;
  const stored = model.mine.value.ranking;
  const [draft, setDraft] = useState(null);
  const [state, setState] = useState("");
  const wanted = useRef(null);
  const isSaving = useRef(false);

  const save = async () => {
    isSaving.current = true;
    setState("saving");
    try {
      let sent = null;
      while (sent !== wanted.current) {
        sent = wanted.current;
        await put(`/pairup/rounds/${id}/ranking`, { places: sent });
      }
      setState("saved");
    } catch (problem) {
      setDraft(null);
      setState(`Not saved. ${problem.message}`);
    }
    isSaving.current = false;
  };
  const set = (list) => {
    wanted.current = list;
    setDraft(list);
    if (!isSaving.current) save();
  };
  /** What is stored is told to the whole team: mine comes back, or my partner's that is newer. */
  useEffect(() => {
    if (!isSaving.current) setDraft(null);
  }, [stored]);
  useEffect(() => {
    if (state !== "saved") return;
    const timer = setTimeout(() => setState(""), 4_000);
    return () => clearTimeout(timer);
  }, [state]);
  return { list: draft ?? stored, state, set };
}
