/** Buttons: with words, or with an icon and a spoken name that is also its tooltip. */
import type { ButtonHTMLAttributes, JSX } from 'react';
import { Icon, type IconName } from './icons';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'plain' | 'primary' | 'quiet';
}

export function Button({ variant = 'plain', className = '', ...rest }: ButtonProps): JSX.Element {
  return <button type="button" className={`button button-${variant} ${className}`} {...rest} />;
}

interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  readonly icon: IconName;
  /** Spoken name and tooltip. */
  readonly name: string;
  /** The key that does the same, for the tooltip and for assistive technology. */
  readonly shortcut?: string;
  readonly size?: number;
}

export function IconButton({ icon, name, shortcut, size, className = '', ...rest }: IconButtonProps): JSX.Element {
  return (
    <Button
      variant="quiet"
      className={`icon-button ${className}`}
      aria-label={name}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? name : `${name} (${shortcut})`}
      {...rest}
    >
      <Icon name={icon} {...(size === undefined ? {} : { size })} />
    </Button>
  );
}
