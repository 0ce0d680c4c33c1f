/** The few icons of the page, drawn here on a 20 × 20 grid in the colour of the text beside them. */
import type { JSX } from 'react';

const PATHS = {
  play: <path d="M6.5 4.2v11.6L16 10z" fill="currentColor" stroke="none" />,
  pause: <path d="M6.8 4.5v11M13.2 4.5v11" strokeWidth="2.6" />,
  step: <path d="M5.5 4.8v10.4l7-5.2zM15 4.8v10.4" />,
  reset: <path d="M4.2 10a5.8 5.8 0 1 0 2-4.4M4.2 3.6v3.2h3.2" />,
  back: <path d="M7.6 4.2 3.8 8l3.8 3.8M3.8 8h7.6a4 4 0 0 1 0 8H8.2" />,
  link: (
    <path d="M8.4 11.6a3 3 0 0 0 4.3 0l2.9-2.9a3 3 0 0 0-4.3-4.3l-.9.9M11.6 8.4a3 3 0 0 0-4.3 0l-2.9 2.9a3 3 0 0 0 4.3 4.3l.9-.9" />
  ),
  light: (
    <>
      <circle cx="10" cy="10" r="3.2" />
      <path d="M10 2.6v1.8M10 15.6v1.8M2.6 10h1.8M15.6 10h1.8M4.8 4.8 6 6M14 14l1.2 1.2M15.2 4.8 14 6M6 14l-1.2 1.2" />
    </>
  ),
  dark: <path d="M16.4 11.8A6.8 6.8 0 0 1 8.2 3.6a6.8 6.8 0 1 0 8.2 8.2z" />,
  present: <path d="M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4" />,
  leave: <path d="M7.5 3.5v4h-4M16.5 7.5h-4v-4M12.5 16.5v-4h4M3.5 12.5h4v4" />,
  help: (
    <>
      <path d="M7.2 7.6a2.8 2.8 0 1 1 4.2 2.4c-.9.5-1.4 1-1.4 2" />
      <path d="M10 14.8v.2" strokeWidth="2" />
    </>
  ),
  close: <path d="m5 5 10 10M15 5 5 15" />,
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  minus: <path d="M4.5 10h11" />,
  file: <path d="M5 2.8h6.2L15 6.6v10.6H5zM11 3v3.8h3.8" />,
  controls: <path d="M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 4v4M7.5 12v4" />,
} as const satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof PATHS;

/** An icon without a name of its own: the control that holds it is named. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}
