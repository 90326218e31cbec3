import { expect, test } from "vitest";
import type { Subject } from "$lib/api/types";
import { subjectOf } from "./subject";

const subject = (code: string, vi: string) =>
  ({ code, name: { vi, en: code }, grades: [], strands: [] }) as unknown as Subject;
const SUBJECTS = [
  subject("toan", "Toán"),
  subject("ngu-van", "Ngữ văn"),
  subject("tieng-anh", "Tiếng Anh"),
  subject("vat-li", "Vật lí"),
  subject("hoa-hoc", "Hoá học"),
  subject("sinh-hoc", "Sinh học"),
  subject("lich-su", "Lịch sử"),
  subject("dia-li", "Địa lí"),
  subject("lich-su-dia-li", "Lịch sử và Địa lí"),
  subject("khoa-hoc-tu-nhien", "Khoa học tự nhiên"),
  subject("khoa-hoc", "Khoa học"),
  subject("tin-hoc", "Tin học"),
];
const of = (head: string[], filename = "de.docx") => subjectOf(head, filename, SUBJECTS);

test("the head of a paper says its subject", () => {
  for (const [line, code] of [
    ["MÔN: HÓA HỌC", "hoa-hoc"],
    ["Môn thi: VẬT LÍ – Lớp 12", "vat-li"],
    ["Bài thi môn: Vật lý", "vat-li"],
    ["Bài thi: KHOA HỌC TỰ NHIÊN", "khoa-hoc-tu-nhien"],
    ["SỞ GD&ĐT NGHỆ AN  Môn: Lịch sử và Địa lí", "lich-su-dia-li"],
    ["Môn: Anh", "tieng-anh"],
    ["Môn học: Tin học 11", "tin-hoc"],
    ["Hóa 2021 - 357", "hoa-hoc"],
    ["ĐỀ THI THỬ TỐT NGHIỆP THPT MÔN TOÁN", "toan"],
    ["ĐỀ KIỂM TRA GIỮA KÌ I – TOÁN 10", "toan"],
  ] as const)
    expect(of(["SỞ GIÁO DỤC VÀ ĐÀO TẠO", line, "Họ và tên: ..........", "Thời gian: 50 phút"]), line).toBe(
      code,
    );
});

test("the file's name says it where the head does not", () => {
  for (const [name, code] of [
    ["Vatly_201.docx", "vat-li"],
    ["HoaHoc-de1.docx", "hoa-hoc"],
    ["de thi toan 12.pdf", "toan"],
    ["De_Hoa_12_lan_1.docx", "hoa-hoc"],
    ["TiengAnh9.docx", "tieng-anh"],
  ] as const)
    expect(of(["2021 – Đề 201"], name), name).toBe(code);
});

test("nothing is guessed where nothing is said", () => {
  for (const [head, name] of [
    [[], "DE-01-DE-BAI.docx"],
    [["ĐỀ THI CHỌN HỌC SINH GIỎI"], "de hoc sinh gioi.docx"],
    [["Thí sinh không được sử dụng tài liệu."], "de.docx"],
    [["Môn: Toán", "Môn: Vật lí"], "de.docx"],
    [["Hoa và cây cảnh"], "anh dep.docx"],
    [["Môn: ………"], "van ban 3.docx"],
    [["Văn bản dưới đây"], "Hoa - de 1.docx"],
  ] as const)
    expect(of([...head], name), `${head.join()} ${name}`).toBeNull();
});
