import { Skeleton } from '../ui/skeleton.tsx';

const WIDTHS = ['w-24', 'w-36', 'w-28', 'w-32', 'w-20', 'w-36', 'w-28'];

/** The shape of the list while the first entries are on their way. */
export const ListSkeleton = () => (
  <div aria-hidden className="min-h-0 flex-1 overflow-hidden px-2 pt-2">
    {WIDTHS.map((width, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
      <div key={index} className="flex h-14 items-center gap-3 px-2 max-md:h-16">
        <Skeleton className="size-9 rounded-md max-md:size-11" />
        <div className="flex flex-1 flex-col gap-2">
          <Skeleton className={`h-3 ${width}`} />
          <Skeleton className="h-2.5 w-4/5 opacity-60" />
        </div>
      </div>
    ))}
  </div>
);
