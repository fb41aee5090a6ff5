import { expect, it } from "vitest";
import { streamCsv } from "../../src/console/csv.ts";
import { streamJson, streamLines } from "../../src/platform/stream-json.ts";

/** What happens while a stream is read as fast as it comes, each part of which has another's timer wait. */
class Course {
  readonly order: string[] = [];

  take(): void {
    this.order.push("part");
    setTimeout(() => this.order.push("other"), 0);
  }

  async *parts(): AsyncGenerator<readonly unknown[]> {
    for (let n = 0; n < 3; n += 1) {
      this.take();
      yield [n];
    }
  }

  next(): () => Promise<number[]> {
    let n = 0;
    return async () => {
      if (n === 3) return [];
      this.take();
      n += 1;
      return [n];
    };
  }
}

it.each<[string, (course: Course) => ReadableStream | null]>([
  ["lines of JSON", (course) => streamLines(course.parts())],
  ["an object of lists", (course) => streamJson({ a: 1 }, { list: course.parts() })],
  ["CSV", (course) => streamCsv("x", { head: ["n"], next: course.next(), values: (n) => [n] }).body],
])("a stream of %s lets others in between any two of its parts, however fast it is taken", async (_, open) => {
  const course = new Course();
  await new Response(open(course)).text();
  expect(course.order).toEqual(["part", "other", "part", "other", "part", "other"]);
});
