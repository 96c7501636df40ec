import { looksLikeCode } from '@lockstep/protocol/markup';
import { useState } from 'react';
import { isInFence } from './enter.ts';
import type { Field, Replacement } from './field.ts';
import { toggleCode } from './format.ts';

/** A pasted text and where it begins. */
interface Pasted {
  at: number;
  text: string;
}

/** What of a paste would be offered as code: several lines that look like it, not inside of a fence. */
export const codeIn = ({ text, start }: Field, pasted: string): Pasted | null => {
  const lines = pasted.replace(/\r\n?/g, '\n').trimEnd();
  if (isInFence(text, start) || lines.includes('```') || !looksLikeCode(lines.split('\n'))) return null;
  return { at: start, text: lines };
};

/** The text with the paste between fences. */
export const withFences = (field: Field, { at, text }: Pasted): Replacement =>
  toggleCode({ text: field.text, start: at, end: at + text.length });

/** Offers to put what was pasted between fences, as long as it stands where it was put. */
export const useCodeOffer = (text: string, apply: (change: (field: Field) => Replacement) => void) => {
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const stands = pasted !== null && text.startsWith(pasted.text, pasted.at);
  return {
    isOffered: stands,
    onPasted: (field: Field, added: string) => setPasted(codeIn(field, added)),
    accept: () => {
      if (stands) apply((field) => withFences(field, pasted));
      setPasted(null);
    },
    dismiss: () => setPasted(null),
  };
};
