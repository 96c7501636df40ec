import { cn } from '@/lib/cn.ts';

/** Two steps, locked to each other. The same drawing is app/icon.svg. */
export const Logo = ({ className }: { className?: string }) => (
  <svg aria-hidden viewBox="0 0 32 32" className={cn('size-8', className)}>
    <rect width="32" height="32" rx="8" className="fill-accent" />
    <path
      d="M8 8.5h6v9h9v6"
      fill="none"
      stroke="white"
      strokeWidth="3.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <path
      d="M8 15.5v8h8"
      fill="none"
      stroke="white"
      strokeOpacity="0.6"
      strokeWidth="3.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <path
      d="M20.5 8.5h2.5v3"
      fill="none"
      stroke="white"
      strokeOpacity="0.6"
      strokeWidth="3.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
