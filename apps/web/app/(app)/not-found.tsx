import { NotFoundNotice } from '@/components/ui/not-found-notice.tsx';

/** Inside of the shell: the list stays where it is. */
export default function NotFoundInApp() {
  return <NotFoundNotice />;
}
