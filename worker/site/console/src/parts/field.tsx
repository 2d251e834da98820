/** Labelled fields of forms. */

import { useId } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly hint?: string | undefined;
  /** What is wrong with the value. */
  readonly problem?: string | undefined;
  readonly type?: "text" | "password" | "search" | "url" | "number";
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly mono?: boolean;
  readonly placeholder?: string;
}

export function TextField(props: Props) {
  const { label, value, change, hint, problem, type = "text", autocomplete = "off", mono, ...rest } = props;
  const id = useId();
  const saysMore = problem || hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class={mono ? "mono" : ""}
        type={type as "text"} // Preact has a type of attributes for each
        value={value}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={problem ? true : undefined}
        aria-describedby={saysMore ? `${id}-more` : undefined}
        onInput={(event) => change(event.currentTarget.value)}
        {...rest}
      />
      {saysMore && (
        <small id={`${id}-more`} class={problem ? "problem" : ""}>
          {saysMore}
        </small>
      )}
    </div>
  );
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly change: (value: T) => void;
  readonly options: readonly (readonly [value: T, text: string])[];
}

export function SelectField<T extends string>({ label, value, change, options }: SelectProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => change(event.currentTarget.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
