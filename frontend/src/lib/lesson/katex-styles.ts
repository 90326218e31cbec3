// In this order: of two faces of one family, the later one is asked first.
import "katex/dist/katex.min.css";
import "./katex-ams.css";
