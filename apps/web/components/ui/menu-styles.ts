/** Looks shared by the menus of a button and those of the right mouse button. */
export const menuContent =
  'z-50 min-w-48 max-w-80 rounded-md bg-raised p-1 text-ink shadow-overlay outline-none duration-120 data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98]';
export const menuItem =
  'flex min-h-8 max-md:min-h-11 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 text-base outline-none data-[disabled]:pointer-events-none data-[highlighted]:bg-hover data-[state=open]:bg-hover data-[disabled]:opacity-50 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-muted';
export const menuDanger = 'text-danger-ink data-[highlighted]:bg-danger-soft [&>svg]:text-danger-ink';
export const menuSeparator = '-mx-1 my-1 h-px bg-line';
