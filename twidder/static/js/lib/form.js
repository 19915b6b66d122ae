/** One form's state: what was typed, what is wrong with it, and whether it is on its way. */
import { useEffect, useId, useRef, useState } from "preact/hooks";

/**
 * `start`: the fields' first values · `check(values)` → { field: "words" } · `send(values)` → promise.
 * A Problem with a `field` is shown under it, any other at the form's foot. `waiting`: so many seconds must pass before
 * the next try, after too many wrong passwords for one account.
 */
export function useForm({ start, check = () => ({}), send }) {
  const id = useId();
  const element = useRef(null);
  const [values, setValues] = useState(start);
  const [errors, setErrors] = useState({});
  const [refusals, setRefusals] = useState(0);
  const [busy, setBusy] = useState(false);
  const [waiting, waitUntil] = useCountdown();

  useEffect(() => {
    element.current?.querySelector("[aria-invalid=true]")?.focus();
  }, [refusals]);

  const refuse = (wrong) => {
    setErrors(wrong);
    setRefusals((count) => count + 1);
  };
  const set = (name, value) => {
    setValues((old) => ({ ...old, [name]: value }));
    setErrors(({ [name]: _, ...others }) => others);
    if (name === "email") waitUntil(0);
  };
  const clear = () => setValues(start);

  const submit = async (event) => {
    event.preventDefault();
    if (busy || waiting) return;
    const wrong = check(values);
    if (Object.keys(wrong).length) return refuse(wrong);
    setErrors({});
    setBusy(true);
    try {
      await send(values);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      if (problem.code === "too_many_attempts") waitUntil(Date.now() + problem.retry_ms);
      else refuse({ [problem.field in values ? problem.field : "form"]: problem.message });
    } finally {
      setBusy(false);
    }
  };

  return { id, element, values, errors, busy, waiting, set, clear, submit };
}

/** [whole seconds left, set the end]: 0 when there is nothing to wait for. */
function useCountdown() {
  const [end, setEnd] = useState(0);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (!end) return;
    const timer = setInterval(() => (Date.now() < end ? setNow(Date.now()) : setEnd(0)), 250);
    return () => clearInterval(timer);
  }, [end]);
  const begin = (at) => {
    setNow(Date.now());
    setEnd(at);
  };
  return [end ? Math.max(1, Math.ceil((end - now) / 1000)) : 0, begin];
}
