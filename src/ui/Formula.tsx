/** A formula. KaTeX and its style sheet are loaded when the first one is asked for, never with the first screen. */
import { useEffect, useRef, type JSX } from 'react';

export function Formula({ tex }: { readonly tex: string }): JSX.Element {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    const show = async (): Promise<void> => {
      const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
      if (current && element.current)
        katex.render(tex, element.current, { throwOnError: false, output: 'htmlAndMathml' });
    };
    // Offline, the source of the formula stays on show, which is better than nothing.
    show().catch(() => {
      if (current && element.current) element.current.textContent = tex;
    });
    return () => {
      current = false;
    };
  }, [tex]);
  return <span className="formula" ref={element} />;
}
