import { expect, test } from "vitest";
import { doubtText, entryText } from "./words";

const entry = (message: string) => ({ code: "x", message, values: {} });

test("a doubt below the name of its question does not say it again", () => {
  expect(doubtText(entry("Câu 31: chưa có đáp án.")).text).toBe("Chưa có đáp án.");
  expect(doubtText(entry("Phần 2, câu 3: đáp án là E.")).text).toBe("Đáp án là E.");
  expect(doubtText(entry("Câu hỏi không có nội dung.")).text).toBe("Câu hỏi không có nội dung.");
  expect(entryText(entry("Câu 31: chưa có đáp án.")).text).toBe("Câu 31: chưa có đáp án.");
});
