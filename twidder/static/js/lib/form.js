/** One form's state: what was typed, what is wrong with it, and whether it is on its way. */
import { useEffect, useId, useRef, useState } from "preact/hooks";

/**
 * `start`: the fields' first values · `check(values)` → { field: "words" } · `send(values)` → promise.
 * A Problem with a `field` is shown under it, any other at the form's foot.
 */
export function useForm({ start, check = () => ({}), send }) {
  const id = useId();
  const element = useRef(null);
  const [values, setValues] = useState(start);
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    element.current?.querySelector("[aria-invalid=true]")?.focus();
  }, [errors]);

  const set = (name, value) => setValues((old) => ({ ...old, [name]: value }));
  const clear = () => setValues(start);

  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const wrong = check(values);
    setErrors(wrong);
    if (Object.keys(wrong).length) return;
    setBusy(true);
    try {
      await send(values);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      setErrors({ [problem.field in values ? problem.field : "form"]: problem.message });
    } finally {
      setBusy(false);
    }
  };

  return { id, element, values, errors, busy, set, clear, submit };
}
