import type { Translation } from "../catalogue";

export const vi = {
  "upload.title": "Tệp đang tải lên",
  "upload.summary": "Đang tải lên {n} tệp",
  "upload.summary_done": "Đã tải lên xong",
  "upload.summary_failed": "{n} tệp chưa dùng được",
  "upload.summary_stopped": "{n} tệp đang chờ bạn",
  "upload.open": "Xem các tệp đang tải",
  "upload.close": "Thu gọn",
  "upload.clear": "Dọn các tệp đã xong",
  "upload.waiting": "Đang chờ tới lượt",
  "upload.sending": "{sent} trên {total}",
  "upload.speed": "{speed}/giây",
  "upload.left_seconds": "còn {n} giây",
  "upload.left_minutes": "còn {n} phút",
  "upload.left_hours": "còn {n} giờ",
  "upload.paused": "Đang tạm dừng ở {percent}",
  "upload.interrupted": "Mất kết nối ở {percent}. Sẽ tự tải tiếp khi có mạng.",
  "upload.away": "Đã tải {percent}. Chọn lại tệp này để tải tiếp.",
  "upload.choose_again": "Chọn lại tệp",
  "upload.other_file": "Đó là tệp khác. Hãy chọn đúng “{name}”.",
  "upload.pause": "Tạm dừng",
  "upload.resume": "Tiếp tục",
  "upload.cancel": "Huỷ tải",
  "upload.dismiss": "Bỏ khỏi danh sách",
  "upload.progress_of": "Tiến độ của {name}",
  "upload.checking": "Đang kiểm tra tệp…",
  "upload.processing": "Đang xử lí {percent}",
  "upload.processing_playable": "Đang xử lí {percent}, đã xem được từ đầu",
  "upload.ready": "Xong, đã dùng được",
  "upload.failed": "Chưa dùng được",
  "upload.retry": "Xử lí lại",
  "upload.to_lesson": "Mở bài giảng",
  "asset_failure.empty":
    "Tệp rỗng (0 byte). Hãy chép lại tệp từ máy quay hoặc điện thoại rồi tải lên lần nữa.",
  "asset_failure.not_media": "Nội dung tệp không phải là video, âm thanh hay hình ảnh như tên của nó.",
  "asset_failure.truncated": "Tệp bị cắt giữa chừng, thiếu phần cuối. Hãy chép lại tệp gốc rồi tải lên.",
  "asset_failure.encrypted": "Tệp bị khoá bằng mật khẩu hoặc bản quyền. Hãy mở khoá rồi tải lên.",
  "asset_failure.too_long": "Video dài hơn mức máy chủ nhận. Hãy cắt thành nhiều phần.",
  "asset_failure.too_large": "Khung hình hoặc dung lượng lớn hơn mức máy chủ xử lí được.",
  "asset_failure.no_streams": "Trong tệp không có hình cũng không có tiếng.",
  "asset_failure.unsupported_codec":
    "Máy chủ không đọc được kiểu nén của tệp. Hãy xuất lại thành MP4 (H.264).",
  "asset_failure.out_of_time":
    "Xử lí quá lâu nên đã dừng. Hãy thử video ngắn hơn hoặc độ phân giải thấp hơn.",
  "asset_failure.out_of_memory":
    "Tệp cần nhiều bộ nhớ hơn mức cho phép. Hãy xuất lại với độ phân giải thấp hơn.",
  "asset_failure.disk_full":
    "Ổ đĩa của máy chủ đã đầy. Tệp gốc vẫn còn; hãy báo người quản trị rồi xử lí lại.",
  "asset_failure.damaged": "Tệp bị hỏng, không đọc được. Hãy chép lại tệp gốc rồi tải lên.",
  "asset_failure.zip_bomb": "Tệp nén chứa quá nhiều dữ liệu nên không được mở.",
  "asset_failure.unsafe_document":
    "Tệp Office có phần khai báo mà Word không bao giờ ghi, như trong tệp mã độc. Hãy mở tệp bằng Word, lưu thành bản mới rồi tải bản đó lên.",
  "asset_failure.internal": "Máy chủ gặp lỗi khi xử lí. Tệp gốc vẫn còn; hãy xử lí lại.",
  "asset_warning.cut_short":
    "Tệp có vẻ bị cắt: chỉ có {playable} đầu trên tổng {declared}. Nếu thiếu, hãy chép lại tệp gốc rồi tải lên.",
  "asset_warning.cut_short_unknown":
    "Tệp có vẻ bị cắt: chỉ có {playable} đầu. Nếu thiếu, hãy chép lại tệp gốc rồi tải lên.",
} as const;

export const en: Translation<typeof vi> = {
  "upload.title": "Uploads",
  "upload.summary": "Uploading {n} file|Uploading {n} files",
  "upload.summary_done": "Upload finished",
  "upload.summary_failed": "{n} file can't be used|{n} files can't be used",
  "upload.summary_stopped": "{n} file is waiting for you|{n} files are waiting for you",
  "upload.open": "Show the uploads",
  "upload.close": "Fold up",
  "upload.clear": "Clear the finished ones",
  "upload.waiting": "Waiting for its turn",
  "upload.sending": "{sent} of {total}",
  "upload.speed": "{speed}/s",
  "upload.left_seconds": "{n} second left|{n} seconds left",
  "upload.left_minutes": "{n} minute left|{n} minutes left",
  "upload.left_hours": "{n} hour left|{n} hours left",
  "upload.paused": "Paused at {percent}",
  "upload.interrupted": "Connection lost at {percent}. It goes on by itself when the network is back.",
  "upload.away": "{percent} uploaded. Choose the same file again to go on.",
  "upload.choose_again": "Choose the file",
  "upload.other_file": "That is another file. Please choose “{name}”.",
  "upload.pause": "Pause",
  "upload.resume": "Go on",
  "upload.cancel": "Cancel",
  "upload.dismiss": "Take off the list",
  "upload.progress_of": "Progress of {name}",
  "upload.checking": "Checking the file…",
  "upload.processing": "Processing {percent}",
  "upload.processing_playable": "Processing {percent}, can be watched from the start",
  "upload.ready": "Done, ready to use",
  "upload.failed": "Can't be used yet",
  "upload.retry": "Process again",
  "upload.to_lesson": "Open the lesson",
  "asset_failure.empty":
    "The file is empty (0 bytes). Copy it again from the camera or phone and upload it once more.",
  "asset_failure.not_media": "What is inside is not video, sound or a picture, whatever its name says.",
  "asset_failure.truncated":
    "The file was cut off and its end is missing. Copy the original again and upload it.",
  "asset_failure.encrypted":
    "The file is locked by a password or copy protection. Unlock it and upload it again.",
  "asset_failure.too_long": "The video is longer than the server takes. Cut it into parts.",
  "asset_failure.too_large": "The picture or the file is larger than the server can process.",
  "asset_failure.no_streams": "The file holds neither picture nor sound.",
  "asset_failure.unsupported_codec":
    "The server can't read how the file is encoded. Export it as MP4 (H.264).",
  "asset_failure.out_of_time":
    "Processing took too long and was stopped. Try a shorter video or a lower resolution.",
  "asset_failure.out_of_memory":
    "The file needs more memory than allowed. Export it with a lower resolution.",
  "asset_failure.disk_full":
    "The server's disk is full. The original is kept; tell the administrator, then process again.",
  "asset_failure.damaged": "The file is damaged and can't be read. Copy the original again and upload it.",
  "asset_failure.zip_bomb": "The compressed file holds far too much and was not opened.",
  "asset_failure.unsafe_document":
    "The Office file declares things that Word never writes, as malware does. Open it in Word, save it as a new copy and upload that.",
  "asset_failure.internal":
    "The server met an error while processing. The original is kept; process it again.",
  "asset_warning.cut_short":
    "The file seems cut: only the first {playable} of {declared} are there. If something is missing, copy the original again and upload it.",
  "asset_warning.cut_short_unknown":
    "The file seems cut: only the first {playable} are there. If something is missing, copy the original again and upload it.",
};
