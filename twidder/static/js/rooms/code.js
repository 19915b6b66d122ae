/** A block of code with its language, a copy button, and its colours as soon as the highlighter is here. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { highlight } from "./highlight.js";

export function CodeBlock({ text, language }) {
  const [coloured, setColoured] = useState(null);
  useEffect(() => {
    let current = true;
    setColoured(null);
    highlight(text, language).then((nodes) => current && setColoured(nodes));
    return () => (current = false);
  }, [text, language]);
  return html`
    <div class="code" dir="ltr">
      <pre tabindex="0" aria-label=${language ? `Code, ${language}` : "Code"}><code>${coloured ?? text}</code></pre>
      <${CopyCode} text=${text} />
    </div>
  `;
}

function CopyCode({ text }) {
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return html`
    <button class="code__copy icon-button" type="button" aria-label=${copied ? "Copied" : "Copy code"} title="Copy code" onClick=${copy}>
      <${Icon} name=${copied ? "check" : "copy"} size=${16} />
    </button>
  `;
}
