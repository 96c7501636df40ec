'use client';

interface SavedCheckboxProps {
  id: string;
  label: string;
  checked: boolean;
  /** Called immediately, before it is saved, and again with the old value if that failed. */
  onChecked: (checked: boolean) => void;
  save: (checked: boolean) => Promise<unknown>;
  onError: (thrown: unknown) => void;
}

/** A setting that is saved as soon as it is changed. */
export function SavedCheckbox({ id, label, checked, onChecked, save, onError }: SavedCheckboxProps) {
  const change = async (next: boolean) => {
    onChecked(next);
    try {
      await save(next);
    } catch (thrown) {
      onChecked(!next);
      onError(thrown);
    }
  };
  return (
    <label htmlFor={id} className="flex items-center gap-2 text-sm">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => void change(event.target.checked)}
        className="size-4 accent-accent"
      />
      {label}
    </label>
  );
}
