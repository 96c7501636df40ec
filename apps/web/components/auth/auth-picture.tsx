import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';

/** [hue of the person, width of the line in %, one's own] */
const LINES: readonly (readonly [number, number, boolean])[] = [
  [28, 62, false],
  [28, 40, false],
  [265, 54, true],
  [155, 70, false],
  [265, 34, true],
  [320, 48, false],
];

function Device({ className, lines }: { className: string; lines: typeof LINES }) {
  return (
    <div className={cn('flex flex-col gap-3 border border-line bg-surface p-5 shadow-overlay', className)}>
      <div className="mb-1 flex items-center gap-2 border-line border-b pb-3">
        <span className="size-2.5 rounded-full bg-accent" />
        <span className="h-2 w-20 rounded-full bg-pressed" />
      </div>
      {lines.map(([hue, width, mine], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed picture
        <div key={index} className={cn('flex items-center gap-2.5', mine && 'flex-row-reverse')}>
          <span
            style={{ background: `oklch(var(--avatar-lightness) var(--avatar-chroma) ${hue})` }}
            className={cn('size-7 shrink-0 rounded-sm', mine && 'hidden')}
          />
          <span
            style={{ width: `${width}%` }}
            className={cn('h-8 rounded-md', mine ? 'bg-accent' : 'bg-sunken')}
          />
        </div>
      ))}
    </div>
  );
}

/** Two devices that show the same conversation. Decoration. */
export function AuthPicture() {
  const t = useTranslations('common');
  return (
    <aside className="relative hidden flex-col items-center justify-center gap-14 overflow-hidden border-line border-l bg-canvas p-12 lg:flex">
      <div aria-hidden className="relative w-full max-w-lg pr-16 pb-16">
        <Device lines={LINES} className="rounded-xl" />
        <Device lines={LINES.slice(1)} className="absolute right-0 bottom-0 w-52 rounded-[1.5rem] p-4 pb-6" />
      </div>
      <p className="max-w-xl text-balance text-center font-medium text-lg">{t('tagline')}</p>
    </aside>
  );
}
