import type { Child } from "hono/jsx";
import type { Errors, Values } from "../read-form.ts";
import { curly } from "./curly-quotes.ts";
import { Notice } from "./pills-notices-pager.tsx";

interface InputProps {
  name: string;
  label: string;
  values: Values;
  errors: Errors;
  hint?: Child;
  type?: "text" | "password" | "search" | "datetime-local" | "date" | "email";
  placeholder?: string;
  inputmode?: "numeric";
  maxlength?: number;
  autocomplete?: string;
  autofocus?: boolean;
  mono?: boolean;
  /** Takes more room than its neighbours. */
  grow?: boolean;
}

/** A labelled text field with its hint, and its error beside it. */
export function Input({
  name,
  label,
  values,
  errors,
  hint,
  type = "text",
  mono,
  grow,
  autofocus,
  ...rest
}: InputProps) {
  const error = errors[name];
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div class={grow ? "field grow" : "field"}>
      <label for={name}>{label}</label>
      {hint && (
        <span class="hint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      <input
        id={name}
        name={name}
        type={type}
        value={type === "password" ? "" : (values[name] ?? "")}
        class={mono ? "mono" : undefined}
        autofocus={autofocus || error !== undefined}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={described === "" ? undefined : described}
        {...rest}
      />
      <FieldError name={name} errors={errors} />
    </div>
  );
}

/** What is wrong with a field, where the field points to it. */
export function FieldError({ name, errors }: { name: string; errors: Errors }) {
  const error = errors[name];
  if (error === undefined) return null;
  return (
    <span class="error" id={`${name}-error`}>
      {curly(error)}
    </span>
  );
}

interface SelectProps {
  name: string;
  label: string;
  values: Values;
  options: readonly { value: string; label: string }[];
  errors?: Errors;
}

/** A labelled choice from a list. */
export function Select({ name, label, values, options, errors = {} }: SelectProps) {
  const isWrong = errors[name] !== undefined;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select
        id={name}
        name={name}
        autofocus={isWrong}
        aria-invalid={isWrong ? "true" : undefined}
        aria-describedby={isWrong ? `${name}-error` : undefined}
      >
        {options.map((option) => (
          <option value={option.value} selected={(values[name] ?? "") === option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldError name={name} errors={errors} />
    </div>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  title: string;
  hint?: Child;
  checked: boolean;
  id?: string;
  picture?: Child;
  autofocus?: boolean;
}

/** One of several choices, with a sentence on what it does and perhaps a picture of it. */
export function Choice({ name, value, title, hint, checked, id, picture, autofocus }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        type="radio"
        name={name}
        value={value}
        checked={checked}
        id={id ?? `${name}-${value}`}
        autofocus={autofocus}
      />
      <span>
        {picture}
        <strong>{title}</strong>
        {hint && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}

/** Values carried along unseen. */
export function Hidden({ values }: { values: Record<string, string | undefined> }) {
  return (
    <>
      {Object.entries(values).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
    </>
  );
}

/** Says above a form that something in it is wrong, and what is wrong with the form as a whole. */
export function ErrorSummary({ errors }: { errors: Errors }) {
  if (Object.keys(errors).length === 0) return null;
  const ofAll = errors[""]; // where no control is wrong, none has the focus
  return (
    <Notice tone="bad" isFirst={ofAll !== undefined && Object.keys(errors).length === 1}>
      {curly(ofAll ?? "Nothing was changed yet: look at what is marked below.")}
    </Notice>
  );
}

/** What Enter presses in a form whose first button is another; first in the form, and neither seen nor reached by Tab. */
export function EnterButton(props: { name?: string; value?: string }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nobody can get there (WCAG 4.1.2 asks for a name of what is reached)
  return <button class="hidden" type="submit" tabindex={-1} aria-hidden="true" {...props} />;
}

interface DecisionProps {
  /** Where "Cancel" leads. */
  cancel: string;
  /** The label of the button that does it. */
  label: string;
  /** Whether it destroys something: such a button is never the green one. */
  isDanger?: boolean;
}

/** The end of a form that does something or is left: the way out, and the button. */
export function FormEnd({ cancel, label, isDanger = false }: DecisionProps) {
  return (
    <div class="actions">
      <a class="button" href={cancel}>
        Cancel
      </a>
      <button class={isDanger ? "danger" : "primary"} type="submit">
        {label}
      </button>
    </div>
  );
}

/** The end of a form that makes or saves something: its button, and the way out where the form is a page of its own. */
export function Submit({ label, cancel }: { label: string; cancel?: string }) {
  const button = (
    <button class="primary" type="submit">
      {label}
    </button>
  );
  if (cancel === undefined) return <p>{button}</p>;
  // First in the page's order, so that Enter presses it; seen at the right, as everywhere.
  return (
    <div class="actions moves">
      {button}
      <a class="button" href={cancel}>
        Cancel
      </a>
    </div>
  );
}

interface FilterFormProps {
  url: string;
  /** The label of the button that applies the filter. */
  action: string;
  isFiltered: boolean;
  /** Where "Clear" leads, where that is not the URL alone. */
  whole?: string;
  children?: Child;
}

/** The filters above a list: a search landmark that works by query, and the way back to the whole list. */
export function FilterForm({ url, action, isFiltered, whole = url, children }: FilterFormProps) {
  return (
    <search>
      <form class="filters" method="get" action={url}>
        {children}
        <button type="submit">{action}</button>
        {isFiltered && (
          <a class="button plain" href={whole}>
            Clear
          </a>
        )}
      </form>
    </search>
  );
}

interface LongTextProps {
  label: string;
  kind: "body" | "template";
  /** What a button that copies it names it by. */
  id?: string;
  children?: Child;
}

/** A long text that scrolls in its own box, by keyboard too. */
export function LongText({ label, kind, id, children }: LongTextProps) {
  return (
    // A box that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    <section class={kind} tabindex={0} aria-label={label}>
      <pre id={id}>{children}</pre>
    </section>
  );
}
