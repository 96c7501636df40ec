import { ListSkeleton } from '../inbox/list-skeleton.tsx';
import { Logo } from '../ui/logo.tsx';

/** The frame of the app before anybody is known: no words, so that it is the same in all languages. */
export const BootScreen = () => (
  <div aria-hidden className="flex h-dvh overflow-hidden">
    <div className="flex flex-col border-line bg-canvas pt-safe max-md:flex-1 md:w-80 md:border-r">
      <div className="flex h-14 shrink-0 items-center px-3 max-md:px-4">
        <Logo className="size-6" />
      </div>
      <div className="h-12" />
      <ListSkeleton />
    </div>
    <div className="flex-1 bg-surface max-md:hidden" />
  </div>
);
