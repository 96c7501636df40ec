import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { Tooltip } from './tooltip.tsx';

interface IconButtonProps extends Omit<ButtonProps, 'asChild'> {
  /** Its accessible name, also shown as a tooltip. */
  label: string;
  /** Shown beside the label in the tooltip, such as "Ctrl K". */
  shortcut?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}

export function IconButton({
  label,
  shortcut,
  side = 'bottom',
  variant = 'ghost',
  size = 'icon',
  ...props
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut} side={side}>
      <Button aria-label={label} variant={variant} size={size} {...props} />
    </Tooltip>
  );
}
