'use client';

import './calendar.css';
import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { useLocale } from 'next-intl';
import { DayPicker } from 'react-day-picker';
import { enGB, zhCN } from 'react-day-picker/locale';
import { firstDayOfWeek } from '@/lib/region.ts';

interface CalendarProps {
  /** Midnight, by the reader's clock, of the day that is in view. */
  day: number;
  /** The days that may be chosen, both ends inclusive, as any time within them. */
  from: number;
  to: number;
  onPick: (day: Date) => void;
}

const Chevron = ({ orientation }: { orientation?: 'up' | 'down' | 'left' | 'right' }) => {
  const Icon = orientation === 'left' ? ChevronLeft : orientation === 'right' ? ChevronRight : ChevronDown;
  return <Icon aria-hidden className="size-4" />;
};

/** A month of days: the arrows move by day and week, Page Up and Down by month, with Shift by year; Enter chooses. */
const Calendar = ({ day, from, to, onPick }: CalendarProps) => {
  const locale = useLocale();
  const chinese = locale.startsWith('zh');
  return (
    <DayPicker
      mode="single"
      required
      autoFocus
      selected={new Date(day)}
      defaultMonth={new Date(day)}
      onSelect={(picked: Date) => onPick(picked)}
      disabled={{ before: new Date(from), after: new Date(to) }}
      startMonth={new Date(from)}
      endMonth={new Date(to)}
      captionLayout="dropdown"
      locale={chinese ? zhCN : enGB}
      weekStartsOn={firstDayOfWeek(locale)}
      className="calendar"
      components={{ Chevron }}
    />
  );
};

export default Calendar;
