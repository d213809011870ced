"""Money: the lists of costs, prices and quotes, and the words offices write over their columns."""

from __future__ import annotations

from addin.crm.table_types import NOTE, Table, f, groups
from addin.crm.words import words

SPEND = Table("spend", "비용", "Spend", (
    f("spent_at", "instant", "지출일", "Spent on", 2,
       "지출@ 집행@ 비용@ 지급@ 사용@ 광고집행@ spent_at spend_date expense_date",
       also="날짜 일자 일시 결제@ date 월 month"),
    f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account vendor"),
    f("item", "text", "항목", "Item", 2,
       "지출항목 비용항목 비목 지출내역 계정과목 비용구분 expense_item expense_type",
       also="항목 내역 적요 용도 매체 구분 계정 item category",
       weak="내용 description"),
    f("amount", "money", "금액", "Amount", 2,
       "지출금액 지출액 집행금액 집행액 광고비 마케팅비 사용금액 비용금액 비용 지출 spend expense cost",
       also="금액 합계 amount"),
), None,
   sheet_words=words("비용 지출 광고비 마케팅비 경비 spend expense cost"),
   needs=groups("spent_at", "amount"))  # fmt: skip

PRICE_LIST = Table("price_list", "가격표", "PriceList", (
    f("code", "id", "품목코드", "Code", 2,
       "품목코드 상품코드 제품코드 품번 sku product_code item_code product_id",
       also="코드 code",
       weak="번호"),
    f("name", "text", "품목", "Item", 1,
       "품목 품명 품목명 상품 상품명 제품 제품명 서비스명 서비스 작업명 시공항목 항목 항목명 product "
       "product_name item item_name service",
       also="작업내용 작업 내용 구분",
       weak="이름 name"),
    f("spec", "text", "규격", "Spec", 2,
       "규격 사양 스펙 spec specification",
       also="size series 옵션"),
    f("unit", "text", "단위", "Unit", 2,
       "단위 unit uom"),
    f("unit_price", "money", "단가", "Unit price", 3,
       "단가 표준단가 판매단가 판매가 판매가격 정가 가격 요금 표준가 이용요금 unit_price price sales_price "
       "list_price rate",
       also="금액 공급가 비용"),
    f("tax", "category", "과세", "Tax", 1,
       "과세 과세구분 과세여부 부가세 부가세구분 세금 vat tax"),
), "code",
   sheet_words=words("가격표 단가표 요금표 가격 단가 요금 price product"),
   needs=groups("name code", "unit_price"))  # fmt: skip

QUOTES = Table("quotes", "견적", "Quotes", (
    f("quote_id", "id", "견적번호", "Quote ID", 3,
       "견적번호 견적서번호 견적no 견적id quote_id quote_no",
       weak="번호"),
    f("request", "id", "접수번호", "Request ID", 1,
       "접수번호 의뢰번호 주문번호 신청번호 request_id order_id deal_id"),
    f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
    f("customer", "text", "고객", "Customer", 1,
       "고객 고객명 수신 수신처 수신인 customer client bill_to"),
    f("issued_at", "instant", "견적일", "Issued", 2,
       "견적@ 발행@ 견적발행@ 작성@ 견적작성@ issued_at issue_date quote_date",
       also="날짜 일자 일시"),
    f("valid_until", "instant", "유효기한", "Valid until", 3,
       "유효@ 유효기간@ 유효기간 유효기한 견적유효기간 유효기일 valid_until expiry_date expires_at"),
    f("status", "category", "견적상태", "Status", 1,
       "견적상태 상태 진행상태 quote_status status",
       also="결과"),
    f("total", "money", "견적금액", "Total", 2,
       "견적금액 견적액 견적총액 견적합계 quote_amount quote_total",
       also="합계 합계금액 총액 금액 total amount"),
), "quote_id",
   sheet_words=words("견적대장 견적목록 견적서목록 견적 quote"),
   needs=groups("quote_id valid_until", "total issued_at"))  # fmt: skip

QUOTE_LINES = Table("quote_lines", "견적품목", "QuoteLines", (
    f("quote_id", "id", "견적번호", "Quote ID", 3,
       "견적번호 견적서번호 견적no 견적id quote_id quote_no"),
    f("code", "id", "품목코드", "Code", 1,
       "품목코드 상품코드 제품코드 품번 product_code item_code sku",
       also="코드"),
    f("name", "text", "품목", "Item", 1,
       "품목 품명 품목명 상품명 제품명 서비스명 항목 item product item_name",
       also="내역 내용"),
    f("spec", "text", "규격", "Spec", 2,
       "규격 사양 스펙 spec"),
    f("unit", "text", "단위", "Unit", 2,
       "단위 unit uom"),
    f("quantity", "number", "수량", "Quantity", 2,
       "수량 개수 물량 quantity qty"),
    f("unit_price", "money", "단가", "Unit price", 2,
       "단가 판매단가 unit_price price",
       also="금액 공급가액 amount"),
    f("tax", "category", "과세", "Tax", 1,
       "과세 과세구분 부가세 세액 vat tax"),
    NOTE,
), None,
   sheet_words=words("견적품목 견적내역 견적상세 quoteline quote_line quote_line"),
   needs=groups("quote_id", "name code", "quantity unit_price"))  # fmt: skip
