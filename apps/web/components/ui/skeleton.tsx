import { cn } from '@/lib/cn.ts';

export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cn('block animate-pulse rounded-sm bg-pressed', className)} />
);
