/**
 * Texts of the kinds that the real ones lack, in a channel of their own beside them: other ways to write a letter, what
 * a browser copied, names and codes. By two people whose names have spaces and accents.
 */
export const CASES = [
  ['Ann Lee', 'the qwx budget for Zürich is due'],
  ['Ann Lee', 'bud\u200bget of the super\u00admarket'],
  ['Ann Lee', 'プロジェクト計画を送ります'.normalize('NFD')],
  ['Ann Lee', 'the AT&amp;T contract, copied from a page'],
  ['Ann Lee', 'meeting cancelled, see you on Monday'],
  ['Béla Kovács', 'IĞDIR bölgesinde ışık var'],
  ['Béla Kovács', 'Łódź, œuvre, đẹp and Straße'],
  ['Béla Kovács', 'رقم ١٢٣٤ محـــمد'],
  ['Béla Kovács', 'we met in 🇨🇭 and paid 5㎏'],
  ['Béla Kovács', 'run make 2>&1 | tee log, then ping 8.8.8.8'],
  ['Béla Kovács', 'scores were 8,8,8,8 on page 2 1'],
  ['Béla Kovács', '请看**第三**页'],
  ['Béla Kovács', 'the `kubectl` pod is down: ls -lah /srv'],
  ['Béla Kovács', 'the radio has a strong rf signal near rm 12'],
  ['Béla Kovács', 'la la la, said the choir'],
  ['Ann Lee', 'meeting room booked for the qwx review'],
] as const;
