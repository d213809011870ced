#Const App = "Microsoft Excel"
Function CRM_AMOUNT(text)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_AMOUNT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_AMOUNT", Array(text), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_AMOUNT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_AMOUNT", Array(text))
        Exit Function
    #End If
failed:
    CRM_AMOUNT = DanggolWords.Trouble()
End Function

Function CRM_BOTTLENECK(steps, counts, Optional targets, Optional roles)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_BOTTLENECK = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECK", Array(steps, counts, targets, roles), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_BOTTLENECK = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECK", Array(steps, counts, targets, roles))
        Exit Function
    #End If
failed:
    CRM_BOTTLENECK = DanggolWords.Trouble()
End Function

Function CRM_BOTTLENECKS(steps, counts, Optional targets, Optional roles)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_BOTTLENECKS = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECKS", Array(steps, counts, targets, roles), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_BOTTLENECKS = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECKS", Array(steps, counts, targets, roles))
        Exit Function
    #End If
failed:
    CRM_BOTTLENECKS = DanggolWords.Trouble()
End Function

Function CRM_BOTTLENECK_P(steps, counts, Optional targets, Optional roles)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_BOTTLENECK_P = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECK_P", Array(steps, counts, targets, roles), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_BOTTLENECK_P = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECK_P", Array(steps, counts, targets, roles))
        Exit Function
    #End If
failed:
    CRM_BOTTLENECK_P = DanggolWords.Trouble()
End Function

Function CRM_BOTTLENECK_WHY(steps, counts, Optional targets, Optional roles)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_BOTTLENECK_WHY = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECK_WHY", Array(steps, counts, targets, roles), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_BOTTLENECK_WHY = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BOTTLENECK_WHY", Array(steps, counts, targets, roles))
        Exit Function
    #End If
failed:
    CRM_BOTTLENECK_WHY = DanggolWords.Trouble()
End Function

Function CRM_BRN_OK(text)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_BRN_OK = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BRN_OK", Array(text), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_BRN_OK = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BRN_OK", Array(text))
        Exit Function
    #End If
failed:
    CRM_BRN_OK = DanggolWords.Trouble()
End Function

Function CRM_BUSINESS_MINUTES(start, end_)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_BUSINESS_MINUTES = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BUSINESS_MINUTES", Array(start, end_), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_BUSINESS_MINUTES = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_BUSINESS_MINUTES", Array(start, end_))
        Exit Function
    #End If
failed:
    CRM_BUSINESS_MINUTES = DanggolWords.Trouble()
End Function

Function CRM_CAC(cost, customers)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_CAC = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_CAC", Array(cost, customers), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_CAC = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_CAC", Array(cost, customers))
        Exit Function
    #End If
failed:
    CRM_CAC = DanggolWords.Trouble()
End Function

Function CRM_DATE_OF(text)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_DATE_OF = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_DATE_OF", Array(text), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_DATE_OF = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_DATE_OF", Array(text))
        Exit Function
    #End If
failed:
    CRM_DATE_OF = DanggolWords.Trouble()
End Function

Function CRM_DDAY(date_, Optional today)
    Application.Volatile
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_DDAY = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_DDAY", Array(date_, today), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_DDAY = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_DDAY", Array(date_, today))
        Exit Function
    #End If
failed:
    CRM_DDAY = DanggolWords.Trouble()
End Function

Function CRM_DUE(date_, days, Optional business)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_DUE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_DUE", Array(date_, days, business), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_DUE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_DUE", Array(date_, days, business))
        Exit Function
    #End If
failed:
    CRM_DUE = DanggolWords.Trouble()
End Function

Function CRM_EMAIL(text)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_EMAIL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_EMAIL", Array(text), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_EMAIL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_EMAIL", Array(text))
        Exit Function
    #End If
failed:
    CRM_EMAIL = DanggolWords.Trouble()
End Function

Function CRM_FLAG(id, value, Optional n)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_FLAG = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_FLAG", Array(id, value, n), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_FLAG = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_FLAG", Array(id, value, n))
        Exit Function
    #End If
failed:
    CRM_FLAG = DanggolWords.Trouble()
End Function

Function CRM_FUNNEL(steps, counts, Optional targets)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_FUNNEL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_FUNNEL", Array(steps, counts, targets), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_FUNNEL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_FUNNEL", Array(steps, counts, targets))
        Exit Function
    #End If
failed:
    CRM_FUNNEL = DanggolWords.Trouble()
End Function

Function CRM_HANGUL(amount)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_HANGUL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_HANGUL", Array(amount), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_HANGUL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_HANGUL", Array(amount))
        Exit Function
    #End If
failed:
    CRM_HANGUL = DanggolWords.Trouble()
End Function

Function CRM_HHI(partners, amounts)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_HHI = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_HHI", Array(partners, amounts), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_HHI = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_HHI", Array(partners, amounts))
        Exit Function
    #End If
failed:
    CRM_HHI = DanggolWords.Trouble()
End Function

Function CRM_ISO_WEEK(date_)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_ISO_WEEK = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_ISO_WEEK", Array(date_), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_ISO_WEEK = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_ISO_WEEK", Array(date_))
        Exit Function
    #End If
failed:
    CRM_ISO_WEEK = DanggolWords.Trouble()
End Function

Function CRM_KPI(id, rows, Optional partner, Optional from_, Optional to_)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_KPI = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_KPI", Array(id, rows, partner, from_, to_), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_KPI = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_KPI", Array(id, rows, partner, from_, to_))
        Exit Function
    #End If
failed:
    CRM_KPI = DanggolWords.Trouble()
End Function

Function CRM_KPI_TABLE(rows, Optional ids, Optional by, Optional from_, Optional to_)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_KPI_TABLE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_KPI_TABLE", Array(rows, ids, by, from_, to_), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_KPI_TABLE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_KPI_TABLE", Array(rows, ids, by, from_, to_))
        Exit Function
    #End If
failed:
    CRM_KPI_TABLE = DanggolWords.Trouble()
End Function

Function CRM_LADDER(weekly_flags)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_LADDER = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LADDER", Array(weekly_flags), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_LADDER = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LADDER", Array(weekly_flags))
        Exit Function
    #End If
failed:
    CRM_LADDER = DanggolWords.Trouble()
End Function

Function CRM_LIFT(steps, counts, step_, Optional target)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_LIFT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LIFT", Array(steps, counts, step_, target), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_LIFT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LIFT", Array(steps, counts, step_, target))
        Exit Function
    #End If
failed:
    CRM_LIFT = DanggolWords.Trouble()
End Function

Function CRM_LINE(names, capacities, Optional yields)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_LINE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LINE", Array(names, capacities, yields), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_LINE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LINE", Array(names, capacities, yields))
        Exit Function
    #End If
failed:
    CRM_LINE = DanggolWords.Trouble()
End Function

Function CRM_LINE_TOTAL(quantity, price, Optional included, Optional rounding)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_LINE_TOTAL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LINE_TOTAL", Array(quantity, price, included, rounding), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_LINE_TOTAL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LINE_TOTAL", Array(quantity, price, included, rounding))
        Exit Function
    #End If
failed:
    CRM_LINE_TOTAL = DanggolWords.Trouble()
End Function

Function CRM_LTV(revenue, customers, Optional margin)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_LTV = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LTV", Array(revenue, customers, margin), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_LTV = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_LTV", Array(revenue, customers, margin))
        Exit Function
    #End If
failed:
    CRM_LTV = DanggolWords.Trouble()
End Function

Function CRM_MATCH_NAME(text, names)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_MATCH_NAME = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_MATCH_NAME", Array(text, names), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_MATCH_NAME = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_MATCH_NAME", Array(text, names))
        Exit Function
    #End If
failed:
    CRM_MATCH_NAME = DanggolWords.Trouble()
End Function

Function CRM_MATCH_NAMES(texts, names)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_MATCH_NAMES = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_MATCH_NAMES", Array(texts, names), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_MATCH_NAMES = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_MATCH_NAMES", Array(texts, names))
        Exit Function
    #End If
failed:
    CRM_MATCH_NAMES = DanggolWords.Trouble()
End Function

Function CRM_PARTNER_NAME(text)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_PARTNER_NAME = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_PARTNER_NAME", Array(text), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_PARTNER_NAME = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_PARTNER_NAME", Array(text))
        Exit Function
    #End If
failed:
    CRM_PARTNER_NAME = DanggolWords.Trouble()
End Function

Function CRM_PHONE(text)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_PHONE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_PHONE", Array(text), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_PHONE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_PHONE", Array(text))
        Exit Function
    #End If
failed:
    CRM_PHONE = DanggolWords.Trouble()
End Function

Function CRM_PRICE(item, items, prices)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_PRICE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_PRICE", Array(item, items, prices), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_PRICE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_PRICE", Array(item, items, prices))
        Exit Function
    #End If
failed:
    CRM_PRICE = DanggolWords.Trouble()
End Function

Function CRM_QUOTE_NUMBER(year, sequence, Optional revision)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_QUOTE_NUMBER = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_QUOTE_NUMBER", Array(year, sequence, revision), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_QUOTE_NUMBER = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_QUOTE_NUMBER", Array(year, sequence, revision))
        Exit Function
    #End If
failed:
    CRM_QUOTE_NUMBER = DanggolWords.Trouble()
End Function

Function CRM_QUOTE_TOTAL(quantities, prices, Optional included, Optional rounding, Optional taxes)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_QUOTE_TOTAL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_QUOTE_TOTAL", Array(quantities, prices, included, rounding, taxes), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_QUOTE_TOTAL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_QUOTE_TOTAL", Array(quantities, prices, included, rounding, taxes))
        Exit Function
    #End If
failed:
    CRM_QUOTE_TOTAL = DanggolWords.Trouble()
End Function

Function CRM_SAMPLE_NEEDED(rate, target)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_SAMPLE_NEEDED = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_SAMPLE_NEEDED", Array(rate, target), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_SAMPLE_NEEDED = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_SAMPLE_NEEDED", Array(rate, target))
        Exit Function
    #End If
failed:
    CRM_SAMPLE_NEEDED = DanggolWords.Trouble()
End Function

Function CRM_SHARE(partner, partners, amounts)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_SHARE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_SHARE", Array(partner, partners, amounts), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_SHARE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_SHARE", Array(partner, partners, amounts))
        Exit Function
    #End If
failed:
    CRM_SHARE = DanggolWords.Trouble()
End Function

Function CRM_SLOWEST(names, capacities, Optional yields)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_SLOWEST = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_SLOWEST", Array(names, capacities, yields), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_SLOWEST = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_SLOWEST", Array(names, capacities, yields))
        Exit Function
    #End If
failed:
    CRM_SLOWEST = DanggolWords.Trouble()
End Function

Function CRM_STAGE(text, Optional funnel)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_STAGE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_STAGE", Array(text, funnel), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_STAGE = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_STAGE", Array(text, funnel))
        Exit Function
    #End If
failed:
    CRM_STAGE = DanggolWords.Trouble()
End Function

Function CRM_STAGE_DAYS(entered, left, Optional as_of)
    Application.Volatile
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_STAGE_DAYS = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_STAGE_DAYS", Array(entered, left, as_of), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_STAGE_DAYS = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_STAGE_DAYS", Array(entered, left, as_of))
        Exit Function
    #End If
failed:
    CRM_STAGE_DAYS = DanggolWords.Trouble()
End Function

Function CRM_THROUGHPUT(names, capacities, Optional yields)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_THROUGHPUT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_THROUGHPUT", Array(names, capacities, yields), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_THROUGHPUT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_THROUGHPUT", Array(names, capacities, yields))
        Exit Function
    #End If
failed:
    CRM_THROUGHPUT = DanggolWords.Trouble()
End Function

Function CRM_VALID_UNTIL(date_, Optional days)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_VALID_UNTIL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_VALID_UNTIL", Array(date_, days), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_VALID_UNTIL = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_VALID_UNTIL", Array(date_, days))
        Exit Function
    #End If
failed:
    CRM_VALID_UNTIL = DanggolWords.Trouble()
End Function

Function CRM_VAT(amount, Optional included, Optional rounding)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_VAT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_VAT", Array(amount, included, rounding), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_VAT = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_VAT", Array(amount, included, rounding))
        Exit Function
    #End If
failed:
    CRM_VAT = DanggolWords.Trouble()
End Function

Function CRM_VOLATILITY(weekly)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_VOLATILITY = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_VOLATILITY", Array(weekly), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_VOLATILITY = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_VOLATILITY", Array(weekly))
        Exit Function
    #End If
failed:
    CRM_VOLATILITY = DanggolWords.Trouble()
End Function

Function CRM_WITHIN_SLA(received, confirmed, Optional minutes)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CRM_WITHIN_SLA = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_WITHIN_SLA", Array(received, confirmed, minutes), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CRM_WITHIN_SLA = XLPy.CallUDF("addin.hosts.excel.udfs", "CRM_WITHIN_SLA", Array(received, confirmed, minutes))
        Exit Function
    #End If
failed:
    CRM_WITHIN_SLA = DanggolWords.Trouble()
End Function
